#!/usr/bin/env bash
# Publishes metis-backup as one native executable into artifacts/publish (linked by clang, or by gcc where clang is missing).
set -euo pipefail
cd "$(dirname "$0")/.."
linker=()
if ! command -v clang >/dev/null; then
  command -v gcc >/dev/null || { echo "publish: a C linker is needed: install clang or gcc" >&2; exit 2; }
  linker=(-p:CppCompilerAndLinker=gcc -p:LinkerFlavor=bfd)
fi
case "$(uname -m)" in
  aarch64) rid=linux-arm64 ;;
  *) rid=linux-x64 ;;
esac
dotnet publish src/MetisBackup.App -c Release -r "$rid" -o artifacts/publish -v quiet --nologo "${linker[@]}"
# The embedded server finds its storage library beside the executable; a package without it is not whole.
[ -f artifacts/publish/libe_sqlite3.so ] || { echo "publish: libe_sqlite3.so is missing in artifacts/publish" >&2; exit 1; }
