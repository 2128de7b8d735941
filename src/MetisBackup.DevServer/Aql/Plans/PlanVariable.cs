namespace MetisBackup.DevServer.Aql.Plans;

/// <summary>A variable of a plan: one of the query, or the result of a calculation, named by its number.</summary>
/// <param name="Id">Unique in the plan.</param>
/// <param name="Name">As in the query, or the number.</param>
/// <param name="IsDocument">It holds whole documents of a collection.</param>
/// <param name="Constant">Its value where that is known before the query runs.</param>
internal sealed record PlanVariable(int Id, string Name, bool IsDocument = false, AqlValue? Constant = null);
