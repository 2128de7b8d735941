using System.Text;
using System.Text.Json;
using MetisBackup.Core.Revisions;

namespace MetisBackup.UnitTests.Core.Revisions;

public sealed class RevisionIdTests
{
    [Theory]
    [InlineData(0UL, "", "0")]
    [InlineData(1UL, "_", "1")]
    [InlineData(1_000_000_000_000UL, "MhSnP--", "1000000000000")]
    [InlineData(1_786_843_968_436_174_848UL, "_hKHP7Fq---", "_hKHP7Fq---")]
    [InlineData(1_820_002_458_009_599_999UL, "_j_6nc99999", "_j_6nc99999")]
    [InlineData(ulong.MaxValue, "N9999999999", "N9999999999")]
    public void An_id_prints_in_both_forms(ulong id, string hlc, string rev)
    {
        Assert.Equal(rev, new RevisionId(id).ToRev());
        Assert.Equal(hlc, new RevisionId(id).ToHlc());
        Assert.Equal(id, RevisionId.ParseHlc(hlc).Value);
    }

    [Fact]
    public void Every_hash_of_the_original_is_reproduced()
    {
        var vectors = RevisionVectors.Load("hash.json").EnumerateArray().ToList();
        Assert.Equal(50, vectors.Count);
        Assert.All(vectors, vector => Assert.Equal(vector.Number("hash"), new RevisionId(vector.Number("revision")).Hash));
    }

    [Fact]
    public void Every_text_of_the_original_is_written()
    {
        var vectors = RevisionVectors.Load("codec.json").GetProperty("encode").EnumerateArray().ToList();
        Assert.Equal(39, vectors.Count);
        Assert.All(vectors, AssertEncodes);
    }

    [Fact]
    public void Every_text_is_read_as_the_original_does()
    {
        var vectors = RevisionVectors.Load("codec.json").GetProperty("decode").EnumerateArray().ToList();
        Assert.Equal(40, vectors.Count);
        Assert.All(vectors, AssertDecodes);
    }

    [Fact]
    public void Ids_are_ordered_as_numbers_not_as_texts()
    {
        var (older, newer) = (RevisionId.ParseRev("_hZHP7Fq---"), RevisionId.ParseRev("_haHP7Fq---"));
        var digit = RevisionId.ParseRev("_h1HP7Fq---");
        Assert.True(older < newer && newer < digit && digit > older && older <= newer && digit >= newer);
        Assert.True(string.CompareOrdinal(digit.ToRev(), older.ToRev()) < 0);
    }

    [Fact]
    public void A_text_that_is_no_revision_is_invalid()
    {
        Assert.Equal(RevisionId.Invalid, RevisionId.ParseHlc("_hKHP7F\u00e4--"));
        Assert.Equal(RevisionId.Invalid, RevisionId.ParseHlc("_hKHP7Fq----"));
        Assert.Equal(RevisionId.Invalid, RevisionId.ParseRev("_hKH P7F"));
    }

    private static void AssertEncodes(JsonElement vector)
    {
        var id = new RevisionId(vector.Number("id"));
        Span<byte> text = stackalloc byte[RevisionId.MaxTextLength];
        Assert.Equal(vector.Text("hlc"), id.ToHlc());
        Assert.Equal(vector.Text("rev"), id.ToRev());
        Assert.Equal(vector.Text("hlc"), Encoding.ASCII.GetString(text[..id.WriteHlc(text)]));
        Assert.Equal(vector.Text("rev"), Encoding.ASCII.GetString(text[..id.WriteRev(text)]));
    }

    private static void AssertDecodes(JsonElement vector)
    {
        var text = vector.Text("text");
        var utf8 = Encoding.UTF8.GetBytes(text);
        Assert.Equal(vector.Number("hlc"), RevisionId.ParseHlc(text).Value);
        Assert.Equal(vector.Number("rev"), RevisionId.ParseRev(text).Value);
        Assert.Equal(vector.Number("hlc"), RevisionId.ParseHlc(utf8).Value);
        Assert.Equal(vector.Number("rev"), RevisionId.ParseRev(utf8).Value);
    }
}
