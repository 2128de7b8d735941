namespace MetisBackup.UnitTests.Architecture;

public sealed class LayeringTests
{
    [Fact]
    public void Every_file_lies_in_the_folder_of_its_namespace_and_uses_only_rooms_it_may_know()
    {
        var files = SourceTree.ProductFiles().ToList();

        Assert.NotEmpty(files);
        Assert.Empty(files.SelectMany(file => LayerRules.Check(file.Path, file.Text)));
    }

    [Theory]
    [InlineData("MetisBackup.Core/Errors/X.cs", "using MetisBackup.Storage.Store;", "Core may not use Storage.Store")]
    [InlineData("MetisBackup.Core/Errors/X.cs", "var a = File.ReadAllText(b);", "Core may not act on the outside world (File)")]
    [InlineData("MetisBackup.Arango/Client/X.cs", "using MetisBackup.Storage.Store;", "Arango may not use Storage.Store")]
    [InlineData("MetisBackup.Storage/Store/X.cs", "var a = new MetisBackup.Arango.Client.Y();", "Storage may not use Arango.Client.Y")]
    [InlineData("MetisBackup.DevServer/Engine/X.cs", "using MetisBackup.Arango.Client;", "DevServer may not use Arango.Client")]
    [InlineData("MetisBackup.DevServer/Engine/X.cs", "using MetisBackup.Core.Errors;", "DevServer may not use Core.Errors")]
    [InlineData("MetisBackup.App/Operations/X.cs", "using MetisBackup.App.Output;", "App.Operations may not use App.Output")]
    [InlineData("MetisBackup.App/Commands/X.cs", "using MetisBackup.Arango.Client;", "App.Commands may not use Arango.Client")]
    [InlineData("MetisBackup.App/Commands/X.cs", "Storage.Store.Y z;", "App.Commands may not use Storage.Store.Y")]
    [InlineData("MetisBackup.App/Output/X.cs", "using MetisBackup.App.Operations;", "App.Output may not use App.Operations")]
    public void A_forbidden_name_is_found(string path, string line, string fault)
    {
        var text = line + "\nnamespace " + Path.GetDirectoryName(path)!.Replace('/', '.') + ";\n";

        Assert.Equal([$"{path}: {fault}"], LayerRules.Check(path, text));
    }

    [Theory]
    [InlineData("MetisBackup.DevServer/Engine/X.cs", "using MetisBackup.Core.Revisions;")]
    [InlineData("MetisBackup.App/Quickstart/X.cs", "using MetisBackup.DevServer.Hosting;")]
    [InlineData("MetisBackup.App/Operations/X.cs", "using MetisBackup.Storage.Store;")]
    [InlineData("MetisBackup.Core/Errors/X.cs", "// MetisBackup.Storage.Store is told about elsewhere")]
    public void An_allowed_name_passes(string path, string line) =>
        Assert.Empty(LayerRules.Check(path, line + "\nnamespace " + Path.GetDirectoryName(path)!.Replace('/', '.') + ";\n"));

    [Fact]
    public void A_namespace_that_is_not_its_folder_is_found() =>
        Assert.Equal(
            ["MetisBackup.Core/Errors/X.cs: namespace MetisBackup.Core is not its folder MetisBackup.Core.Errors"],
            LayerRules.Check("MetisBackup.Core/Errors/X.cs", "namespace MetisBackup.Core;\n"));
}
