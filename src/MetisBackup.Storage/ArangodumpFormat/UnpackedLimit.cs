namespace MetisBackup.Storage.ArangodumpFormat;

/// <summary>
/// Stops what unpacks to far more than a dump ever does: a few kilobytes can be made that unpack to terabytes, but documents shrink by a
/// factor of a hundred at most.
/// </summary>
/// <param name="storedBytes">Size of the packed file.</param>
internal sealed class UnpackedLimit(long storedBytes)
{
    private const long Free = 64L * 1024 * 1024;
    private const long Factor = 500;

    private long _bytes;

    /// <summary>Counts unpacked bytes.</summary>
    /// <exception cref="FormatException">There are too many of them.</exception>
    public void Count(int bytes)
    {
        _bytes += bytes;
        if (_bytes > Free + (storedBytes * Factor))
        {
            throw new FormatException($"it unpacks to more than {Factor} times its size, as no dump does");
        }
    }
}
