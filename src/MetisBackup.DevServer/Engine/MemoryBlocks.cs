using System.Buffers;

namespace MetisBackup.DevServer.Engine;

/// <summary>
/// Blocks of bytes for a short time. Small ones come from the shared pool; large ones are left to the garbage collector, because the pool
/// would keep them long after the one document that needed them.
/// </summary>
internal static class MemoryBlocks
{
    private const int LargestPooled = 1 << 20;

    /// <summary>A block of at least this many bytes; its content is undefined.</summary>
    public static byte[] Rent(int size) => size <= LargestPooled ? ArrayPool<byte>.Shared.Rent(size) : GC.AllocateUninitializedArray<byte>(size);

    public static void Return(byte[] block)
    {
        if (block.Length is > 0 and <= LargestPooled)
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }
}
