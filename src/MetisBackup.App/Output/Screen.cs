using Spectre.Console;

namespace MetisBackup.App.Output;

/// <summary>
/// The only doorway to the terminal: results go to standard output, messages and progress to standard error. Colours are used only on a
/// terminal that wants them (<c>NO_COLOR</c>, <c>TERM=dumb</c>). The library that draws tables is made when the first table is drawn.
/// </summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("ApiDesign", "RS0030", Justification = "This is the doorway that everyone else must use.")]
internal sealed class Screen
{
    private const int UsualWidth = 80;
    private const int Unlimited = 1000;
    private readonly Lock _lock = new();
    private readonly bool _colourOut;
    private readonly bool _colourErrors;
    private readonly bool _canDraw;
    private LogLines? _log;
    private string _statusLine = "";

    /// <summary>Looks at the terminal and the environment once.</summary>
    public Screen()
    {
        var colours = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        var dumb = Environment.GetEnvironmentVariable("TERM") == "dumb";
        OutIsTerminal = !Console.IsOutputRedirected;
        ErrorsAreTerminal = !Console.IsErrorRedirected;
        _canDraw = ErrorsAreTerminal && !dumb;
        CanAsk = !Console.IsInputRedirected && ErrorsAreTerminal;
        _colourOut = OutIsTerminal && colours && !dumb;
        _colourErrors = ErrorsAreTerminal && colours && !dumb;
    }

    /// <summary>How much is said; <see cref="Message"/> is silent when quiet.</summary>
    public Verbosity Verbosity { get; set; } = Verbosity.Normal;

    /// <summary>Results in text go to standard error too: standard output is kept for one document.</summary>
    public bool KeepsOutForDocument { get; set; }

    /// <summary>Standard output is a terminal.</summary>
    public bool OutIsTerminal { get; }

    /// <summary>Standard error is a terminal.</summary>
    public bool ErrorsAreTerminal { get; }

    /// <summary>A line on standard error may be drawn over.</summary>
    public bool CanDrawStatus => _canDraw && _log is null;

    /// <summary>There is somebody who can answer.</summary>
    public bool CanAsk { get; }

    /// <summary>What messages are about, where they go into a log.</summary>
    public LogSubject? Subject
    {
        set
        {
            if (_log is { } log)
            {
                log.Subject = value;
            }
        }
    }

    /// <summary>From now on messages are lines of a log.</summary>
    /// <param name="style">For whom they are.</param>
    /// <param name="clock">The time.</param>
    public void LogAs(LogStyle style, TimeProvider clock)
    {
        Status("");
        _log = style == LogStyle.Plain ? null : new LogLines(style, clock);
    }

    /// <summary>A line of the result.</summary>
    public void Line(string text = "") => Line(text, Tone.Plain);

    /// <summary>A line of the result in a colour, where colours are.</summary>
    public void Line(string text, Tone tone)
    {
        if (KeepsOutForDocument)
        {
            Error(text, tone);
        }
        else
        {
            Document(Paint(text, tone, _colourOut));
        }
    }

    /// <summary>Lines of standard output exactly as they are, whatever else is said.</summary>
    public void Document(string text)
    {
        lock (_lock)
        {
            EraseStatus();
            Console.Out.WriteLine(text);
            Console.Out.Flush();
        }
    }

    /// <summary>Something worth knowing that is no result.</summary>
    public void Message(string text)
    {
        if (Verbosity != Verbosity.Quiet)
        {
            Error(text, Tone.Plain);
        }
    }

    /// <summary>A line on standard error, whatever the verbosity.</summary>
    public void Error(string text, Tone tone) => WriteError(_log?.Of(label: null, tone, text) ?? Paint(text, tone, _colourErrors));

    /// <summary>A label in colour and the text after it, on standard error: <c>error: …</c>, <c>hint: …</c>.</summary>
    public void Labelled(string label, Tone tone, string text) =>
        WriteError(_log?.Of(label, tone, text) ?? Paint(label + ":", tone, _colourErrors) + " " + text);

    /// <summary>Draws over the last line of standard error; an empty text takes the line away. Does nothing without a terminal.</summary>
    public void Status(string text)
    {
        if (!CanDrawStatus)
        {
            return;
        }

        lock (_lock)
        {
            var width = Width;
            var line = text.Length < width ? text : text[..(width - 1)];
            if (line != _statusLine)
            {
                Console.Error.Write("\r\e[K" + line);
                _statusLine = line;
            }
        }
    }

    /// <summary>Asks on the terminal and returns the line that was typed; null at the end of input.</summary>
    public Task<string?> AskAsync(string question, CancellationToken cancellationToken)
    {
        Prompt(question);

        // the terminal cannot be told to stop waiting: an interruption leaves the reading thread behind
        return Task.Run(Console.In.ReadLine, CancellationToken.None).WaitAsync(cancellationToken);
    }

    private static int Width => Console.BufferWidth > 0 ? Console.BufferWidth : UsualWidth;

    /// <summary>
    /// Draws a table: with a line below the head on a terminal, plain columns elsewhere. Where the terminal is too narrow the columns that
    /// can be missed are left out, the last one first; nothing is ever cut off.
    /// </summary>
    public void Table(IReadOnlyList<Column> columns, IEnumerable<IReadOnlyList<string>> rows) => Line(Draw(columns, rows, OutIsTerminal, _colourOut), Tone.Plain);

    /// <summary>The same among the messages: a plan that somebody must read before the result exists.</summary>
    public void MessageTable(IReadOnlyList<Column> columns, IEnumerable<IReadOnlyList<string>> rows) =>
        Error(Draw(columns, rows, ErrorsAreTerminal && _log is null, _colourErrors && _log is null), Tone.Plain);

    private static string Draw(IReadOnlyList<Column> columns, IEnumerable<IReadOnlyList<string>> rows, bool terminal, bool colours)
    {
        var table = new TextTable(columns, rows);
        return Draw(terminal ? table.Within(Width) : table, terminal, colours);
    }

    private static string Draw(TextTable text, bool terminal, bool colours)
    {
        using var writer = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = colours ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = colours ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = Unlimited;
        var table = new Table { Border = terminal ? TableBorder.Simple : TableBorder.None };
        foreach (var column in text.Columns)
        {
            var drawn = new TableColumn(new Text(column.Title, new Style(decoration: Decoration.Bold)));
            drawn.NoWrap = true;
            drawn.Alignment = column.IsNumber ? Justify.Right : Justify.Left;
            drawn.Padding = new Padding(0, 0, 2, 0);
            _ = table.AddColumn(drawn);
        }

        foreach (var row in text.Rows)
        {
            _ = table.AddRow(row.Select(static cell => new Text(cell)));
        }

        console.Write(table);
        var lines = writer.ToString().Split('\n').Select(static line => line.TrimEnd());
        return string.Join('\n', lines).Trim('\n');
    }

    private static string Paint(string text, Tone tone, bool colours) => !colours ? text : tone switch
    {
        Tone.Good => $"\e[32m{text}\e[0m",
        Tone.Bad => $"\e[1;31m{text}\e[0m",
        Tone.Warning => $"\e[33m{text}\e[0m",
        Tone.Strong => $"\e[1m{text}\e[0m",
        Tone.Command => $"\e[36m{text}\e[0m",
        Tone.Faint => $"\e[2m{text}\e[0m",
        _ => text,
    };

    private void WriteError(string lines)
    {
        lock (_lock)
        {
            EraseStatus();
            Console.Error.WriteLine(lines);
        }
    }

    private void Prompt(string question)
    {
        lock (_lock)
        {
            EraseStatus();
            Console.Error.Write(question);
        }
    }

    private void EraseStatus()
    {
        if (_statusLine.Length > 0)
        {
            Console.Error.Write("\r\e[K");
            _statusLine = "";
        }
    }
}

/// <summary>What a text means; the screen decides how that looks.</summary>
internal enum Tone
{
    /// <summary>As it is.</summary>
    Plain,

    /// <summary>It went well.</summary>
    Good,

    /// <summary>It went wrong.</summary>
    Bad,

    /// <summary>Look at this.</summary>
    Warning,

    /// <summary>A heading.</summary>
    Strong,

    /// <summary>Something to type.</summary>
    Command,

    /// <summary>Beside the point.</summary>
    Faint,
}
