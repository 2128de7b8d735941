using MetisBackup.DevServer.Faults;

namespace MetisBackup.UnitTests.DevServer;

public sealed class FaultPlanReaderTests
{
    [Fact]
    public void Limits_and_rules_are_read()
    {
        var plan = FaultPlanReader.Read(
            """{"rangesLimit":10,"documentsLimit":3,"dumpChunkLimit":100,"rules":[{"method":"GET","path":"/dump","skip":1,"times":2,"status":503,"delayMs":5,"withoutHeader":"h","changeByteAt":7}]}""");

        Assert.Equal((10, 3, 100), (plan.RangesLimit, plan.DocumentsLimit, plan.DumpChunkLimit));
        Assert.Null(plan.Take("PUT", "/_api/dump"));
        Assert.Null(plan.Take("GET", "/_api/dump"));
        var rule = plan.Take("GET", "/_api/dump");
        Assert.Equal((503, 21003, TimeSpan.FromMilliseconds(5), "h", 7), (rule!.Status, rule.ErrorNumber, rule.Delay, rule.WithoutHeader, rule.ChangeByteAt));
        Assert.NotNull(plan.Take("GET", "/_api/dump"));
        Assert.Null(plan.Take("GET", "/_api/dump"));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"unknown":1}""")]
    [InlineData("""{"rules":[{"unknown":1}]}""")]
    [InlineData("""{"rangesLimit":"ten"}""")]
    public void Anything_else_is_refused(string json) => Assert.Throws<FormatException>(() => FaultPlanReader.Read(json));
}
