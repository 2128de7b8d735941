namespace MetisBackup.DevServer.Engine;

/// <summary>An error that the API reports: HTTP status, <c>errorNum</c> and text of the error envelope (arangodb-protocol 1.7).</summary>
internal sealed class ArangoException(int status, int errorNumber, string message) : Exception(message)
{
    public int Status { get; } = status;

    public int ErrorNumber { get; } = errorNumber;
}
