using MetisBackup.App.Operations.Running;
using MetisBackup.Core.Errors;

namespace MetisBackup.UnitTests.App.Running;

public sealed class FailureTests
{
    public static TheoryData<Exception, ErrorCode> Kinds => new()
    {
        { new MetisException(ErrorCode.CoverageGap, "x"), ErrorCode.CoverageGap },
        { new IOException("disk full", 28), ErrorCode.NoSpace },
        { new IOException("quota", 122), ErrorCode.NoSpace },
        { new IOException("odd"), ErrorCode.Unexpected },
        { new UnauthorizedAccessException("no"), ErrorCode.Denied },
        { new HttpRequestException("refused"), ErrorCode.ServerFailed },
        { new InvalidOperationException("defect"), ErrorCode.Unexpected },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_exception_has_a_kind(Exception exception, ErrorCode code) => Assert.Equal(code, Failure.Of(exception).Code);

    [Fact]
    public void Causes_are_messages_and_only_the_unexpected_says_where_it_happened()
    {
        var known = new MetisException(ErrorCode.ServerFailed, "x", cause: new IOException("broken", new InvalidOperationException("inner")));

        Assert.Equal(["IOException: broken", "InvalidOperationException: inner"], Failure.Causes(known));
        Assert.StartsWith("System.InvalidOperationException: defect", Assert.Single(Failure.Causes(Failure.Of(new InvalidOperationException("defect")))), StringComparison.Ordinal);
    }
}
