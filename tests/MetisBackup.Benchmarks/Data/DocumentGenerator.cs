using System.Globalization;
using System.Text;

namespace MetisBackup.Benchmarks.Data;

/// <summary>Repeatable documents: the same seed gives the same bytes. Text is drawn from a vocabulary with a natural, skewed frequency.</summary>
internal sealed class DocumentGenerator(int seed)
{
    private static readonly string[] Vocabulary = BuildVocabulary();

    private readonly Random _random = new(seed);

    /// <summary>One document of about 1 KB as JSON, with <c>_key</c>.</summary>
    public void AppendArticle(StringBuilder target, int number)
    {
        target.Append(CultureInfo.InvariantCulture, $"{{\"_key\":\"a{number:D9}\",\"title\":\"");
        AppendWords(target, 9);
        target.Append(CultureInfo.InvariantCulture, $"\",\"year\":{1990 + _random.Next(36)},\"score\":{_random.NextDouble():R},\"categories\":[\"cs.{Word()}\",\"math.{Word()}\"],\"authors\":[");
        for (var author = 0; author < 3; author++)
        {
            target.Append(author > 0 ? "," : "").Append(CultureInfo.InvariantCulture, $"{{\"name\":\"{Word()} {Word()}\",\"id\":{_random.Next(1_000_000)}}}");
        }

        target.Append("],\"abstract\":\"");
        AppendWords(target, 105);
        target.Append(CultureInfo.InvariantCulture, $"\",\"sha\":\"{_random.NextInt64():x16}{_random.NextInt64():x16}\"}}");
    }

    /// <summary>A change of an article: a new title and score, as the body of a partial update.</summary>
    public void AppendRevision(StringBuilder target, int number)
    {
        target.Append(CultureInfo.InvariantCulture, $"{{\"_key\":\"a{number:D9}\",\"title\":\"");
        AppendWords(target, 9);
        target.Append(CultureInfo.InvariantCulture, $"\",\"score\":{_random.NextDouble():R}}}");
    }

    /// <summary>One document with a 384-number embedding, about 4.5 KB.</summary>
    public void AppendEmbedding(StringBuilder target, int number)
    {
        target.Append(CultureInfo.InvariantCulture, $"{{\"_key\":\"e{number:D9}\",\"model\":\"jina-v4\",\"chunk\":\"");
        AppendWords(target, 60);
        target.Append("\",\"embedding\":[");
        for (var i = 0; i < 384; i++)
        {
            target.Append(i > 0 ? "," : "").Append(CultureInfo.InvariantCulture, $"{Math.Round((_random.NextDouble() * 0.2) - 0.1, 8):R}");
        }

        target.Append("]}");
    }

    private static string[] BuildVocabulary()
    {
        var random = new Random(7);
        return [.. Enumerable.Range(0, 4096).Select(_ => string.Concat(Enumerable.Range(0, 2 + random.Next(3)).Select(_ => Syllable(random))))];
    }

    private static string Syllable(Random random) => string.Concat("bcdfghklmnprstvz"[random.Next(16)], "aeiou"[random.Next(5)]);

    private string Word() => Vocabulary[(int)(Math.Pow(_random.NextDouble(), 3) * Vocabulary.Length)];

    private void AppendWords(StringBuilder target, int count)
    {
        for (var i = 0; i < count; i++)
        {
            target.Append(i > 0 ? " " : "").Append(Word());
        }
    }
}
