using System.Numerics;
using System.Text.Json;

namespace MetisBackup.Core.Revisions;

/// <summary>Reads the JSON form of a revision tree as the server's own reader does, but never accepts a leaf behind the last (arangodb-protocol 10.5).</summary>
internal ref struct RevisionTreeReader
{
    private Utf8JsonReader _json;
    private RevisionLeaves? _leaves;
    private RevisionSummary _sum;
    private ulong? _version;
    private ulong? _count;
    private ulong? _hash;
    private RevisionId? _rangeMin;
    private RevisionId? _rangeMax;
    private RevisionId? _initialRangeMin;

    private RevisionTreeReader(ReadOnlySpan<byte> json) => _json = new Utf8JsonReader(json);

    public static RevisionTree Read(ReadOnlySpan<byte> json)
    {
        try
        {
            return new RevisionTreeReader(json).Read();
        }
        catch (JsonException error)
        {
            throw new RevisionTreeException("A revision tree is not valid JSON.", error);
        }
    }

    private RevisionTree Read()
    {
        Require(_json.Read() && _json.TokenType == JsonTokenType.StartObject, "is not an object");
        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            ReadAttribute();
        }

        Require(!_json.Read(), "is followed by something else");
        Require(_version == 1, "has a version other than 1");
        Require(_leaves is not null, "has no nodes");
        Require(_initialRangeMin is not null && _rangeMin is not null && _rangeMax is not null, "lacks a bound of its range");
        Require(_count == _sum.Count && _hash == _sum.Hash, "has a count or hash that is not the sum of its nodes");
        var (min, max, initial) = (_rangeMin!.Value.Value, _rangeMax!.Value.Value, _initialRangeMin!.Value.Value);
        var width = max - min;
        Require(
            max > min && BitOperations.IsPow2(width) && width >= RevisionTree.InitialWidth && (initial - min) % (width / RevisionTree.LeafCount) == 0,
            "has an impossible range");
        return new RevisionTree(_initialRangeMin.Value, min, max, _leaves!, _sum);
    }

    private void ReadAttribute()
    {
        if (_json.ValueTextEquals("version"u8))
        {
            _version = ReadNumber();
        }
        else if (_json.ValueTextEquals("count"u8))
        {
            _count = ReadNumber();
        }
        else if (_json.ValueTextEquals("hash"u8))
        {
            _hash = ReadNumber();
        }
        else if (_json.ValueTextEquals("rangeMin"u8))
        {
            _rangeMin = ReadRevision();
        }
        else if (_json.ValueTextEquals("rangeMax"u8))
        {
            _rangeMax = ReadRevision();
        }
        else if (_json.ValueTextEquals("initialRangeMin"u8))
        {
            _initialRangeMin = ReadRevision();
        }
        else if (_json.ValueTextEquals("nodes"u8))
        {
            ReadNodes();
        }
        else
        {
            _json.Skip();
        }
    }

    private void ReadNodes()
    {
        (_leaves, _sum) = (new RevisionLeaves(), RevisionSummary.Empty);
        Require(_json.Read() && _json.TokenType == JsonTokenType.StartArray, "has nodes that are not an array");
        var index = 0UL;
        var elements = 0;
        while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
        {
            Require(_json.TokenType == JsonTokenType.StartObject, "has a node that is not an object");
            Require(++elements <= RevisionTree.LeafCount, "has too many nodes");
            index += ReadNode(index);
            Require(index <= RevisionTree.LeafCount, "has a node behind the last leaf");
        }
    }

    /// <summary>Reads one node and returns how many leaves it stands for.</summary>
    private ulong ReadNode(ulong index)
    {
        ulong? skip = null;
        ulong? count = null;
        ulong? hash = null;
        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            if (_json.ValueTextEquals("skip"u8))
            {
                skip = ReadNumber();
            }
            else if (_json.ValueTextEquals("count"u8))
            {
                count = ReadNumber();
            }
            else if (_json.ValueTextEquals("hash"u8))
            {
                hash = ReadNumber();
            }
            else
            {
                _json.Skip();
            }
        }

        if (skip is { } length)
        {
            Require(length <= RevisionTree.LeafCount, "has a node behind the last leaf");
            return length;
        }

        Require(count is null == hash is null, "has a node with only one of count and hash");
        Require(index < RevisionTree.LeafCount, "has a node behind the last leaf");
        var leaf = new RevisionLeaf(count ?? 0, hash ?? 0);
        if (leaf.IsPopulated)
        {
            _leaves!.Writable((int)index) = leaf;
            _sum = new RevisionSummary(_sum.Count + leaf.Count, _sum.Hash ^ leaf.Hash);
        }

        return 1;
    }

    private ulong ReadNumber()
    {
        Require(_json.Read() && _json.TokenType == JsonTokenType.Number, "has something else where a number belongs");
        var isNumber = _json.TryGetUInt64(out var number);
        Require(isNumber, "has a number that is not an unsigned 64-bit integer");
        return number;
    }

    private RevisionId ReadRevision()
    {
        Require(_json.Read() && _json.TokenType == JsonTokenType.String, "has a bound that is not a text");
        var revision = RevisionId.ParseHlc(_json.GetString());
        Require(revision != RevisionId.Invalid, "has a bound that is not a revision");
        return revision;
    }

    private static void Require(bool condition, string fault)
    {
        if (!condition)
        {
            throw new RevisionTreeException("A revision tree " + fault + ".");
        }
    }
}
