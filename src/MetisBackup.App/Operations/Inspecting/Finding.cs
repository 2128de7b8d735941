namespace MetisBackup.App.Operations.Inspecting;

/// <summary>Something that is not as it should be.</summary>
/// <param name="Text">One sentence.</param>
/// <param name="Mend">What to do.</param>
/// <param name="Fixed">It was mended.</param>
internal sealed record Finding(string Text, string Mend, bool Fixed);
