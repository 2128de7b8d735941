using System.Globalization;
using MetisBackup.Storage.Processes;

namespace MetisBackup.UnitTests.Storage.Processes;

/// <summary>
/// Answers as a machine did when its answers were recorded: <c>### id | command</c>, then <c>rc=N</c>, lines of standard output behind
/// <c>O: </c> and of standard error behind <c>E: </c>. A command that occurs several times is answered in that order, the last answer for ever.
/// </summary>
internal sealed class RecordedProcessRunner(IEnumerable<string> recording) : IProcessRunner
{
    private readonly Dictionary<string, Queue<ProcessResult>> _answers = Read(recording);

    /// <summary>The commands that were asked for, in order.</summary>
    public List<string> Asked { get; } = [];

    public Task<ProcessResult> RunAsync(ProcessRequest request, CancellationToken cancellationToken)
    {
        var command = string.Join(' ', (string[])[Path.GetFileName(request.Program), .. request.Arguments]);
        Asked.Add(command);
        if (!_answers.TryGetValue(command, out var answers))
        {
            throw new InvalidOperationException($"Nobody recorded an answer to '{command}'.");
        }

        var answer = answers.Count > 1 ? answers.Dequeue() : answers.Peek();
        if (request.OnLine is { } onLine)
        {
            foreach (var line in answer.Lines)
            {
                onLine(line);
            }

            answer = answer with { Out = "" };
        }

        return Task.FromResult(answer);
    }

    private static Dictionary<string, Queue<ProcessResult>> Read(IEnumerable<string> recording)
    {
        var answers = new Dictionary<string, Queue<ProcessResult>>(StringComparer.Ordinal);
        var (command, code, output, error) = ("", 0, "", "");
        foreach (var line in recording.Append("### end | "))
        {
            if (line.StartsWith("### ", StringComparison.Ordinal))
            {
                if (command.Length > 0)
                {
                    answers.TryAdd(command, new Queue<ProcessResult>());
                    answers[command].Enqueue(new ProcessResult(code, output, error));
                }

                (command, code, output, error) = (line[(line.IndexOf('|', StringComparison.Ordinal) + 1)..].Trim(), 0, "", "");
            }
            else if (line.StartsWith("rc=", StringComparison.Ordinal))
            {
                code = int.Parse(line[3..], CultureInfo.InvariantCulture);
            }
            else if (line.StartsWith("O:", StringComparison.Ordinal))
            {
                output += line[Math.Min(3, line.Length)..] + "\n";
            }
            else if (line.StartsWith("E:", StringComparison.Ordinal))
            {
                error += line[Math.Min(3, line.Length)..] + "\n";
            }
        }

        return answers;
    }
}
