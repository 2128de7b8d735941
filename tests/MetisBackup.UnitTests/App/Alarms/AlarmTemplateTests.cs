using System.Text.Json;
using MetisBackup.App.Configuration;
using MetisBackup.App.Supervision.Alarms;

namespace MetisBackup.UnitTests.App.Alarms;

public sealed class AlarmTemplateTests
{
    [Fact]
    public void Every_placeholder_is_filled_and_what_was_said_stays_within_its_quotes()
    {
        var template = "{" + string.Join(',', Placeholders.Names.Select(static name => $"\"{name}\": \"<{{{name}}}>\"")) + "}";
        Assert.True(Placeholders.AreLegal(template), "the configuration would refuse it");

        using var document = JsonDocument.Parse(AlarmTemplate.Fill(template, new Alarm { Event = null, Series = "operational:shop", Message = "a \"b\"\n{hint}\\", Time = DateTimeOffset.UnixEpoch, Host = "h" }));

        Assert.Equal(Placeholders.Names, document.RootElement.EnumerateObject().Select(static one => one.Name));
        Assert.Equal("<a \"b\"\n{hint}\\>", document.RootElement.GetProperty("message").GetString());
        Assert.Equal("<shop>", document.RootElement.GetProperty("subject").GetString());
    }
}
