namespace MetisBackup.Arango.Protocol;

/// <summary>The <c>errorNum</c> values that clients decide by and the embedded server answers with (arangodb-protocol 1.7).</summary>
public static class ErrorNumber
{
    /// <summary>No envelope, or none of interest.</summary>
    public const int None = 0;

    /// <summary>Internal error; also "revision tree can no longer be reconstructed".</summary>
    public const int Internal = 4;

    /// <summary>Not implemented; also "collection keeps no revision tree".</summary>
    public const int NotImplemented = 9;

    /// <summary>A parameter of a call is wrong.</summary>
    public const int BadParameter = 10;

    /// <summary>Forbidden.</summary>
    public const int Forbidden = 11;

    /// <summary>A value has the wrong type.</summary>
    public const int TypeError = 17;

    /// <summary>A lock was not free in time.</summary>
    public const int LockTimeout = 18;

    /// <summary>The request was cancelled.</summary>
    public const int RequestCanceled = 21;

    /// <summary>The server shuts down.</summary>
    public const int ShuttingDown = 30;

    /// <summary>A resource limit of the server, for instance its dump memory budget.</summary>
    public const int ResourceLimit = 32;

    /// <summary>The HTTP request is malformed.</summary>
    public const int HttpBadParameter = 400;

    /// <summary>Credentials are missing or wrong.</summary>
    public const int HttpUnauthorized = 401;

    /// <summary>The operation is forbidden here.</summary>
    public const int HttpForbidden = 403;

    /// <summary>No such path, job or object.</summary>
    public const int HttpNotFound = 404;

    /// <summary>The path does not know this method.</summary>
    public const int HttpMethodNotAllowed = 405;

    /// <summary>A precondition failed.</summary>
    public const int HttpPreconditionFailed = 412;

    /// <summary>HTTP server error.</summary>
    public const int HttpServerError = 500;

    /// <summary>HTTP service unavailable.</summary>
    public const int HttpServiceUnavailable = 503;

    /// <summary>The body is not valid JSON.</summary>
    public const int CorruptedJson = 600;

    /// <summary>The path has more parts than the call takes.</summary>
    public const int SuperfluousSuffices = 601;

    /// <summary>The server does not accept writes.</summary>
    public const int ReadOnly = 1004;

    /// <summary>The name of an index is taken.</summary>
    public const int DuplicateIdentifier = 1005;

    /// <summary>Another writer holds the document.</summary>
    public const int WriteConflict = 1200;

    /// <summary>No such document.</summary>
    public const int DocumentNotFound = 1202;

    /// <summary>No such collection or view.</summary>
    public const int CollectionNotFound = 1203;

    /// <summary>The query parameter with the collection is missing.</summary>
    public const int CollectionParameterMissing = 1204;

    /// <summary>A document id is malformed.</summary>
    public const int DocumentHandleBad = 1205;

    /// <summary>The name is taken.</summary>
    public const int DuplicateName = 1207;

    /// <summary>A name breaks the rules.</summary>
    public const int IllegalName = 1208;

    /// <summary>A unique index refuses the document.</summary>
    public const int UniqueViolation = 1210;

    /// <summary>No such index.</summary>
    public const int IndexNotFound = 1212;

    /// <summary>A document id belongs to another collection.</summary>
    public const int CrossCollectionRequest = 1213;

    /// <summary>An index id is malformed.</summary>
    public const int IndexHandleBad = 1214;

    /// <summary>A document is too large.</summary>
    public const int DocumentTooLarge = 1216;

    /// <summary>The collection has the wrong type.</summary>
    public const int CollectionTypeInvalid = 1218;

    /// <summary>An attribute path is malformed.</summary>
    public const int AttributeParserFailed = 1220;

    /// <summary>A key breaks the rules.</summary>
    public const int DocumentKeyBad = 1221;

    /// <summary>Keys of one's own are not allowed here.</summary>
    public const int DocumentKeyUnexpected = 1222;

    /// <summary>The key generator has no key left.</summary>
    public const int OutOfKeys = 1225;

    /// <summary>A key is required.</summary>
    public const int DocumentKeyMissing = 1226;

    /// <summary>A document is not an object.</summary>
    public const int DocumentTypeInvalid = 1227;

    /// <summary>No such database.</summary>
    public const int DatabaseNotFound = 1228;

    /// <summary>A database name breaks the rules.</summary>
    public const int DatabaseNameInvalid = 1229;

    /// <summary>Allowed in _system alone.</summary>
    public const int UseSystemDatabase = 1230;

    /// <summary>The key options are wrong.</summary>
    public const int InvalidKeyGenerator = 1232;

    /// <summary>_from or _to is missing or wrong.</summary>
    public const int InvalidEdgeAttribute = 1233;

    /// <summary>An index could not be made.</summary>
    public const int IndexCreationFailed = 1235;

    /// <summary>The collection has another type than asked for.</summary>
    public const int CollectionTypeMismatch = 1237;

    /// <summary>The collection is not loaded.</summary>
    public const int CollectionNotLoaded = 1238;

    /// <summary>A revision is malformed.</summary>
    public const int DocumentRevisionBad = 1239;

    /// <summary>A document could not be read whole.</summary>
    public const int IncompleteRead = 1240;

    /// <summary>The data directory has an old key format.</summary>
    public const int OldRocksDbFormat = 1241;

    /// <summary>Another server answered nonsense.</summary>
    public const int ReplicationInvalidResponse = 1401;

    /// <summary>Timeout inside a cluster.</summary>
    public const int ClusterTimeout = 1457;

    /// <summary>A shard is gone.</summary>
    public const int ShardGone = 1464;

    /// <summary>Not supported in a cluster.</summary>
    public const int ClusterUnsupported = 1470;

    /// <summary>Only for a Coordinator.</summary>
    public const int ClusterOnlyOnCoordinator = 1471;

    /// <summary>Only for a DB-Server.</summary>
    public const int ClusterOnlyOnDbServer = 1477;

    /// <summary>The query was killed.</summary>
    public const int QueryKilled = 1500;

    /// <summary>The query has a syntax error.</summary>
    public const int QueryParse = 1501;

    /// <summary>The query is empty.</summary>
    public const int QueryEmpty = 1502;

    /// <summary>A bind parameter has no value.</summary>
    public const int QueryBindParameterMissing = 1551;

    /// <summary>No such cursor, batch or dump context.</summary>
    public const int ContextNotFound = 1600;

    /// <summary>The cursor is in use.</summary>
    public const int CursorBusy = 1601;

    /// <summary>A document breaks the schema.</summary>
    public const int ValidationFailed = 1620;

    /// <summary>A schema is malformed.</summary>
    public const int ValidationBadParameter = 1621;

    /// <summary>A transaction failed inside.</summary>
    public const int TransactionInternal = 1650;

    /// <summary>Transactions cannot be nested.</summary>
    public const int TransactionNested = 1651;

    /// <summary>A collection was not declared in the transaction.</summary>
    public const int TransactionUnregisteredCollection = 1652;

    /// <summary>The transaction does not allow this.</summary>
    public const int TransactionDisallowedOperation = 1653;

    /// <summary>The transaction was aborted.</summary>
    public const int TransactionAborted = 1654;

    /// <summary>No such transaction.</summary>
    public const int TransactionNotFound = 1655;

    /// <summary>A user name breaks the rules.</summary>
    public const int UserInvalidName = 1700;

    /// <summary>The user exists.</summary>
    public const int UserDuplicate = 1702;

    /// <summary>No such user.</summary>
    public const int UserNotFound = 1703;

    /// <summary>No such graph.</summary>
    public const int GraphNotFound = 1924;

    /// <summary>The graph exists.</summary>
    public const int GraphDuplicate = 1925;

    /// <summary>The collection belongs to a graph.</summary>
    public const int GraphMustNotDropCollection = 1942;

    /// <summary>The scheduler queue is full.</summary>
    public const int QueueFull = 21003;
}
