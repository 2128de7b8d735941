namespace MetisBackup.App.Output;

/// <summary>How much a run says.</summary>
internal enum Verbosity
{
    /// <summary>Results in their shortest form, errors, and nothing else.</summary>
    Quiet,

    /// <summary>Results, notes and progress.</summary>
    Normal,

    /// <summary>Also the causes of errors.</summary>
    Verbose,
}
