namespace MetisBackup.IntegrationTests.Conformance;

/// <summary>The embedded server answers as real servers were recorded to answer.</summary>
public sealed class RecordedAnswersTests(ReplayFixture replay) : IClassFixture<ReplayFixture>
{
    internal static readonly IReadOnlyList<Recording> Recordings = [.. Recording.Load("3.12"), .. Recording.Load("3.11")];

    public static TheoryData<string, string> Examples
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var recording in Recordings.Where(static recording => OutOfScope.Reason(recording) is null))
            {
                data.Add(recording.Version, recording.Name);
            }

            if (data.Count == 0)
            {
                data.Add("3.12", "none");
            }

            return data;
        }
    }

    [Fact]
    public void Few_examples_are_left_out_and_each_has_a_reason()
    {
        Assert.SkipWhen(Recordings.Count == 0, "needs recorded-http of the shared test data");
        var left = Recordings.Where(static recording => OutOfScope.Reason(recording) is not null).ToList();
        foreach (var group in left.GroupBy(static recording => OutOfScope.Reason(recording)))
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"{group.Count()} left out: {group.Key}");
        }

        Assert.InRange(left.Count, 0, 60);
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void Answers_as_recorded(string version, string name)
    {
        Assert.SkipUnless(replay.Missing is null, replay.Missing ?? "");
        var recording = Recordings.Single(r => r.Version == version && r.Name == name);
        var here = replay[version, name];
        Assert.True(here.Failure is null, $"{here.Failure}; last answer: {(here.Answers.Count > 0 ? here.Answers[^1].Body : "")}");
        Assert.Equal(recording.Answers.Count, here.Answers.Count);
        var differences = recording.Answers.Zip(here.Answers).SelectMany(pair => new AnswerComparer(version).Compare(pair.First, pair.Second));
        Assert.Empty(differences);
    }
}
