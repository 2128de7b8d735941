using System.Buffers;

namespace MetisBackup.Storage.Store;

/// <summary>
/// Memory for frames. Usual ones come from the shared pool. That pool would round the memory of a large document up to a power of two and
/// keep one for each core, so the few large ones are made to measure, and only the last two are kept.
/// </summary>
internal static class FrameMemory
{
    /// <summary>Above this many bytes a frame is large: it holds one large document.</summary>
    public const int LargestUsual = 2 * 1024 * 1024;

    private const int MostKept = 2;
    private static readonly Lock Guard = new();
    private static readonly List<byte[]> Kept = [];

    /// <summary>At least this many bytes.</summary>
    public static byte[] Rent(int length)
    {
        if (length <= LargestUsual)
        {
            return ArrayPool<byte>.Shared.Rent(length);
        }

        lock (Guard)
        {
            var fitting = Kept.Where(one => one.Length >= length).MinBy(static one => one.Length);
            if (fitting is not null)
            {
                _ = Kept.Remove(fitting);
                return fitting;
            }

            // what is too small now would be kept in vain
            Kept.Clear();
        }

        return GC.AllocateUninitializedArray<byte>(length);
    }

    /// <summary>Gives the bytes back.</summary>
    public static void Return(byte[] memory)
    {
        if (memory.Length <= LargestUsual)
        {
            ArrayPool<byte>.Shared.Return(memory);
            return;
        }

        lock (Guard)
        {
            if (Kept.Count < MostKept)
            {
                Kept.Add(memory);
            }
        }
    }
}
