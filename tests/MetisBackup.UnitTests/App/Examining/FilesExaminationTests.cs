using MetisBackup.App.Operations.Capturing;
using MetisBackup.App.Operations.Examining;
using MetisBackup.Storage.Bulk;
using MetisBackup.UnitTests.Storage.Bulk;

namespace MetisBackup.UnitTests.App.Examining;

public sealed class FilesExaminationTests
{
    [Fact]
    public async Task A_lock_that_cannot_be_asked_does_not_hide_what_lies_in_the_trash_for_too_long()
    {
        using var lab = new BulkLab();
        lab.Write("a", "1");
        var (entry, _) = await lab.CaptureAsync("first");
        lab.Write("a", "22");
        await lab.RestoreAsync(entry);
        var trash = BulkTrash.Of(lab.Tree).Path;
        File.Delete(Path.Combine(trash, ".lock"));
        File.CreateSymbolicLink(Path.Combine(trash, ".lock"), ".lock");

        var found = await new FilesExamination(new BulkSettings(lab.Tree, [], TimeSpan.FromDays(30)), isCaptured: true, new ShiftedClock(TimeSpan.FromDays(31))).RunAsync(fix: false, BulkLab.Token);

        Assert.Equal([FindingSeverity.Problem, FindingSeverity.Warning], found.Select(static one => one.Severity));
        Assert.Contains("bulk.keep_trash", found[1].Text, StringComparison.Ordinal);
    }
}
