namespace MetisBackup.DevServer.Aql;

/// <summary>Builds the attributes of an object: the last value of a name wins, at the place of the first.</summary>
internal sealed class AttributeList(int capacity)
{
    private readonly Dictionary<string, int> _places = new(capacity, StringComparer.Ordinal);

    public List<KeyValuePair<string, AqlValue>> Items { get; } = new(capacity);

    public void Set(string name, AqlValue value)
    {
        if (_places.TryAdd(name, Items.Count))
        {
            Items.Add(new(name, value));
        }
        else
        {
            Items[_places[name]] = new(name, value);
        }
    }

    public void SetAll(AqlValue source)
    {
        foreach (var (name, value) in source.Attributes)
        {
            Set(name, value);
        }
    }

    public AqlValue? Find(string name) => _places.TryGetValue(name, out var place) ? Items[place].Value : null;
}
