using MetisBackup.Storage.Store;

namespace MetisBackup.UnitTests.Storage.Store;

public sealed class StoreFileTests
{
    [Fact]
    public void A_directory_of_no_name_is_a_fault_and_no_endless_search_for_what_lies_above_it() =>
        Assert.Throws<ArgumentException>(static () => StoreFile.CreateDirectory(""));
}
