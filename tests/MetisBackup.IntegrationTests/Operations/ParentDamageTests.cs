using MetisBackup.App.Operations.Capturing;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Planning;
using static MetisBackup.IntegrationTests.Operations.IncrementalLab;

namespace MetisBackup.IntegrationTests.Operations;

public sealed class ParentDamageTests
{
    [Theory]
    [InlineData("manifest.json")]
    [InlineData("metadata.json")]
    [InlineData("SHA256SUMS")]
    public async Task A_damaged_parent_is_passed_over_and_named(string file)
    {
        await using var lab = await Lab.StartFilledAsync();
        var clock = new MovableTime();
        var first = await CreateAsync(lab, clock: clock);
        await ChangeAsync(lab, "insert", 10);
        clock.Now += TimeSpan.FromMinutes(1);
        var second = await CreateAsync(lab, clock: clock);
        await SpoilAsync(Path.Combine(second.Path, file), static content => content[^3] ^= 1);

        var third = await CreateAsync(lab);

        Assert.Equal(first.Name, third.Parent);
        var warning = Assert.Single(third.Warnings);
        Assert.Contains(second.Name, warning, StringComparison.Ordinal);
        Assert.Contains(first.Name, warning, StringComparison.Ordinal);
        await AssertHoldsAsync(lab, third);
    }

    [Fact]
    public async Task When_no_snapshot_can_be_the_parent_everything_is_read()
    {
        await using var lab = await Lab.StartFilledAsync();
        var first = await CreateAsync(lab);
        File.Delete(Path.Combine(first.Path, "manifest.json"));

        var second = await CreateAsync(lab);

        Assert.Null(second.Parent);
        Assert.Contains(first.Name, Assert.Single(second.Warnings), StringComparison.Ordinal);
        Assert.All(second.Captures.Values, static one => Assert.Equal(CaptureMethod.Full, one.Method));
        await AssertHoldsAsync(lab, second);
    }

    [Theory]
    [InlineData("length", false)]
    [InlineData("header", false)]
    [InlineData("content", true)]
    [InlineData("missing", false)]
    public async Task A_damaged_segment_is_never_shared(string damage, bool verifyParent)
    {
        await using var lab = await Lab.StartFilledAsync();
        var first = await CreateAsync(lab);
        await ChangeAsync(lab, "update", 10);
        var second = await CreateAsync(lab, new ParentChoice(None: true));
        var segment = Directory.GetFiles(Path.Combine(second.Path, "segments"), "*.zst", SearchOption.AllDirectories).Single(static file => file.Contains("products", StringComparison.Ordinal));
        if (damage == "missing")
        {
            File.Delete(segment);
        }
        else
        {
            await SpoilAsync(segment, content => content[damage == "header" ? 0 : content.Length / 2] ^= 1, cut: damage == "length" ? 5 : 0);
        }

        var third = await CreateAsync(lab, new ParentChoice(VerifyContent: verifyParent));

        Assert.Equal(CaptureMethod.Changes, third.Captures["products"].Method);
        Assert.Contains(second.Name, Assert.Single(third.Warnings), StringComparison.Ordinal);
        Assert.Equal(2, LinkCounts(first, "segments/products").Distinct().Single());
        await AssertHoldsAsync(lab, third);
    }

    [Theory]
    [InlineData("cut", false)]
    [InlineData("flipped", false)]
    [InlineData("cut", true)]
    [InlineData("flipped", true)]
    public async Task A_damaged_list_of_revisions_is_never_shared(string damage, bool changes)
    {
        await using var lab = await Lab.StartFilledAsync();
        var first = await CreateAsync(lab);
        if (changes)
        {
            await ChangeAsync(lab, "update", 10);
        }

        var list = Directory.GetFiles(Path.Combine(first.Path, "segments"), "*.revs", SearchOption.AllDirectories).Single(static file => file.Contains("products", StringComparison.Ordinal));
        await SpoilAsync(list, content => content[^20] ^= (byte)(damage == "flipped" ? 1 : 0), cut: damage == "cut" ? 7 : 0);

        var second = await CreateAsync(lab);

        Assert.Equal(CaptureMethod.Full, second.Captures["products"].Method);
        Assert.Contains(first.Name, Assert.Single(second.Warnings), StringComparison.Ordinal);
        await AssertHoldsAsync(lab, second);
    }

    [Theory]
    [InlineData("header", false, false)]
    [InlineData("content", true, false)]
    [InlineData("header", false, true)]
    [InlineData("content", true, true)]
    public async Task A_damaged_segment_of_the_parent_that_was_named_is_told(string damage, bool verifyParent, bool changes)
    {
        await using var lab = await Lab.StartFilledAsync();
        var first = await CreateAsync(lab);
        if (changes)
        {
            await ChangeAsync(lab, "mixed", 10);
        }

        var segment = Directory.GetFiles(Path.Combine(first.Path, "segments"), "*.zst", SearchOption.AllDirectories).Single(static file => file.Contains("products", StringComparison.Ordinal));
        await SpoilAsync(segment, content => content[damage == "header" ? 0 : content.Length / 2] ^= 1);

        var second = await CreateAsync(lab, new ParentChoice(Name: first.Name, VerifyContent: verifyParent));

        Assert.Equal(CaptureMethod.Full, second.Captures["products"].Method);
        Assert.Contains(first.Name, Assert.Single(second.Warnings), StringComparison.Ordinal);
        await AssertHoldsAsync(lab, second);
    }

    [Theory]
    [InlineData("metadata.json")]
    [InlineData("manifest.json")]
    [InlineData("SHA256SUMS")]
    public async Task A_damaged_parent_that_was_named_is_refused_with_the_reason(string file)
    {
        await using var lab = await Lab.StartFilledAsync();
        var first = await CreateAsync(lab);
        File.Delete(Path.Combine(first.Path, file));

        var error = await Assert.ThrowsAsync<MetisException>(() => CreateAsync(lab, new ParentChoice(Name: first.Name)));

        Assert.Equal(ErrorCode.VerificationFailed, error.Code);
        Assert.Contains($"{first.Name}' cannot be the parent", error.Message, StringComparison.Ordinal);
        Assert.Contains(file, error.Message, StringComparison.Ordinal);
        Assert.Contains("--parent", error.Hint!, StringComparison.Ordinal);
        Assert.Single((await lab.ListAsync()).Snapshots);
    }
}
