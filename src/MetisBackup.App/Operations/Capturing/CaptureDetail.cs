using MetisBackup.Core.Planning;

namespace MetisBackup.App.Operations.Capturing;

/// <summary>How the documents of a collection got into a snapshot.</summary>
/// <param name="Method">The way.</param>
/// <param name="Added">Documents that were read from the server.</param>
/// <param name="Removed">Revisions of the older snapshot that are gone; 0 when it was not used.</param>
/// <param name="Reason">Why that way was taken, as half a sentence; null when there is nothing to explain.</param>
internal sealed record CaptureDetail(CaptureMethod Method, long Added, long Removed, string? Reason);
