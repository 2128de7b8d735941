using System.CommandLine;
using MetisBackup.App.Configuration;

namespace MetisBackup.App.Commands;

/// <summary>An option that says for one run what the configuration says for all.</summary>
internal interface ISettingOption
{
    /// <summary>What was typed, as a value of the configuration; null when nothing was.</summary>
    SettingEntry? Entry(ParseResult parsed);

    /// <summary>What was typed, for a line that another program will run: paths are full ones.</summary>
    IEnumerable<string> Typed(ParseResult parsed);
}
