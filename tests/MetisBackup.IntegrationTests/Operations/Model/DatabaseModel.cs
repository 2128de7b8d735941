using System.Text.Json;

namespace MetisBackup.IntegrationTests.Operations.Model;

/// <summary>The reference: a database in plain dictionaries. Each change is made here and on the server.</summary>
internal sealed class DatabaseModel(Lab lab)
{
    private const int MostCollections = 5;
    private List<CollectionModel> _collections = [];
    private int _counter;

    /// <summary>A copy that later changes do not touch.</summary>
    public IReadOnlyList<CollectionModel> Remember() => [.. _collections.Select(static one => one.Copy())];

    /// <summary>The database has been taken back to what was remembered.</summary>
    public void Return(IReadOnlyList<CollectionModel> remembered) => _collections = [.. remembered.Select(static one => one.Copy())];

    /// <summary>Makes a change of the database in both worlds.</summary>
    public Task ApplyAsync(ModelStep step)
    {
        if (step.Action == ModelAction.CreateCollection || _collections.Count == 0)
        {
            return CreateAsync(step.Amount % 3 == 0);
        }

        var collection = _collections[step.Which % _collections.Count];
        return step.Action switch
        {
            ModelAction.Insert => InsertAsync(collection, step.Amount),
            ModelAction.Update => UpdateAsync(collection, step),
            ModelAction.Remove => RemoveAsync(collection, step),
            ModelAction.Truncate => TruncateAsync(collection),
            ModelAction.SwapUniqueValues => SwapAsync(collection, step.Which),
            ModelAction.DropCollection => DropAsync(collection),
            ModelAction.RecreateCollection => RecreateAsync(collection),
            ModelAction.RenameCollection => RenameAsync(collection),
            ModelAction.ToggleIndex => ToggleIndexAsync(collection),
            _ => throw new InvalidOperationException($"{step.Action} does not change the database"),
        };
    }

    /// <summary>Compares the server's documents with the model's.</summary>
    public async Task RequireEqualAsync()
    {
        foreach (var collection in _collections)
        {
            var found = new SortedDictionary<string, (int, int)>(StringComparer.Ordinal);
            foreach (var row in await QueryAsync($"FOR d IN {collection.Name} RETURN [d._key, d.u, d.v]"))
            {
                found.Add(row[0].GetString()!, (row[1].GetInt32(), row[2].GetInt32()));
            }

            Assert.Equal(collection.Documents, found);
        }
    }

    private async Task<IReadOnlyList<JsonElement>> QueryAsync(string query)
    {
        var answer = await lab.CallAsync(HttpMethod.Post, Lab.Database, "/_api/cursor", $$"""{"query":"{{query}}","batchSize":1000000}""");
        return [.. answer.GetProperty("result").EnumerateArray()];
    }

    private async Task CreateAsync(bool edges)
    {
        if (_collections.Count < MostCollections)
        {
            var collection = new CollectionModel($"c{++_counter}", edges);
            await lab.CallAsync(HttpMethod.Post, Lab.Database, "/_api/collection", $$"""{"name":"{{collection.Name}}","type":{{(edges ? 3 : 2)}}}""");
            _collections.Add(collection);
        }
    }

    private async Task InsertAsync(CollectionModel collection, int amount)
    {
        var first = _counter + 1;
        _counter += amount;
        await lab.InsertAsync(collection.Name, Enumerable.Range(first, amount).Select(number => Document(collection, $"k{number}", number, 0)));
        foreach (var number in Enumerable.Range(first, amount))
        {
            collection.Documents.Add($"k{number}", (number, 0));
        }
    }

    private async Task UpdateAsync(CollectionModel collection, ModelStep step)
    {
        var keys = Some(collection, step);
        if (keys.Count > 0)
        {
            var version = ++_counter;
            await PatchAsync(collection, keys.Select(key => $$"""{"_key":"{{key}}","v":{{version}}}"""));
            keys.ForEach(key => collection.Documents[key] = (collection.Documents[key].Unique, version));
        }
    }

    private async Task RemoveAsync(CollectionModel collection, ModelStep step)
    {
        var keys = Some(collection, step);
        if (keys.Count > 0)
        {
            await lab.CallAsync(HttpMethod.Delete, Lab.Database, $"/_api/document/{collection.Name}?silent=true", $"[{string.Join(',', keys.Select(static key => $"\"{key}\""))}]");
            keys.ForEach(key => collection.Documents.Remove(key));
        }
    }

    private async Task TruncateAsync(CollectionModel collection)
    {
        await lab.CallAsync(HttpMethod.Put, Lab.Database, $"/_api/collection/{collection.Name}/truncate");
        collection.Documents.Clear();
    }

    /// <summary>Going back over this is impossible document by document while a unique index watches.</summary>
    private async Task SwapAsync(CollectionModel collection, int which)
    {
        if (collection.Documents.Count < 2)
        {
            return;
        }

        var keys = collection.Documents.Keys.Skip(which % (collection.Documents.Count - 1)).Take(2).ToList();
        var (one, other) = (collection.Documents[keys[0]], collection.Documents[keys[1]]);
        await PatchAsync(collection, [$$"""{"_key":"{{keys[0]}}","u":{{-(++_counter)}}}"""]);
        await PatchAsync(collection, [$$"""{"_key":"{{keys[1]}}","u":{{one.Unique}}}"""]);
        await PatchAsync(collection, [$$"""{"_key":"{{keys[0]}}","u":{{other.Unique}}}"""]);
        collection.Documents[keys[0]] = (other.Unique, one.Version);
        collection.Documents[keys[1]] = (one.Unique, other.Version);
    }

    private async Task DropAsync(CollectionModel collection)
    {
        await lab.CallAsync(HttpMethod.Delete, Lab.Database, $"/_api/collection/{collection.Name}");
        _collections.Remove(collection);
    }

    private async Task RecreateAsync(CollectionModel collection)
    {
        await DropAsync(collection);
        await lab.CallAsync(HttpMethod.Post, Lab.Database, "/_api/collection", $$"""{"name":"{{collection.Name}}","type":{{(collection.IsEdge ? 3 : 2)}}}""");
        _collections.Add(new CollectionModel(collection.Name, collection.IsEdge));
    }

    private async Task RenameAsync(CollectionModel collection)
    {
        var name = $"c{++_counter}";
        await lab.CallAsync(HttpMethod.Put, Lab.Database, $"/_api/collection/{collection.Name}/rename", $$"""{"name":"{{name}}"}""");
        _collections[_collections.IndexOf(collection)] = collection with { Name = name };
    }

    private async Task ToggleIndexAsync(CollectionModel collection)
    {
        if (collection.HasIndex)
        {
            await lab.CallAsync(HttpMethod.Delete, Lab.Database, $"/_api/index/{collection.Name}/by_u");
        }
        else
        {
            await lab.CallAsync(HttpMethod.Post, Lab.Database, $"/_api/index?collection={collection.Name}", """{"type":"persistent","name":"by_u","fields":["u"],"unique":true}""");
        }

        collection.HasIndex = !collection.HasIndex;
    }

    private Task PatchAsync(CollectionModel collection, IEnumerable<string> documents) =>
        lab.CallAsync(HttpMethod.Patch, Lab.Database, $"/_api/document/{collection.Name}?silent=true", $"[{string.Join(',', documents)}]");

    private static string Document(CollectionModel collection, string key, int unique, int version)
    {
        var ends = collection.IsEdge ? $"\"_from\":\"gone/{key}\",\"_to\":\"gone/{unique % 7}\"," : "";
        return $$"""{"_key":"{{key}}",{{ends}}"u":{{unique}},"v":{{version}},"text":"{{new string('x', unique % 300)}}"}""";
    }

    private static List<string> Some(CollectionModel collection, ModelStep step) =>
        [.. collection.Documents.Keys.Where((_, at) => (at + step.Which) % 7 == 0).Take(step.Amount)];
}
