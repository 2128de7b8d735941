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
            foreach (var recording in Recordings)
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

    [Theory]
    [MemberData(nameof(Examples))]
    public void Answers_as_recorded(string version, string name)
    {
        var reason = OutOfScope.Reason(name);
        Assert.SkipUnless(reason is null, reason ?? "");
        Assert.SkipUnless(replay.Missing is null, replay.Missing ?? "");
        var recording = Recordings.Single(r => r.Version == version && r.Name == name);
        var here = replay[version, name];
        Assert.True(here.Failure is null, $"{here.Failure}; last answer: {(here.Answers.Count > 0 ? here.Answers[^1].Body : "")}");
        Assert.Equal(recording.Answers.Count, here.Answers.Count);
        var differences = recording.Answers.Zip(here.Answers).SelectMany(pair => new AnswerComparer(version).Compare(pair.First, pair.Second));
        Assert.Empty(differences);
    }
}
