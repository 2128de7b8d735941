/* Preloaded into the tool by the crash tests: kills it right after the change of a rollback's journal that METIS_TEST_KILL_AFTER counts to. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void changed(const char *path)
{
    static const char suffix[] = ".rollback.json";
    static int changes;
    const char *last = getenv("METIS_TEST_KILL_AFTER");
    size_t length = strlen(path);
    if (last && length >= sizeof suffix && strcmp(path + length - (sizeof suffix - 1), suffix) == 0 && ++changes == atoi(last)) {
        kill(getpid(), SIGKILL);
    }
}

int rename(const char *from, const char *to)
{
    int (*next)(const char *, const char *) = (int (*)(const char *, const char *))dlsym(RTLD_NEXT, "rename");
    int result = next(from, to);
    if (result == 0) {
        changed(to);
    }

    return result;
}

int unlink(const char *path)
{
    int (*next)(const char *) = (int (*)(const char *))dlsym(RTLD_NEXT, "unlink");
    int result = next(path);
    if (result == 0) {
        changed(path);
    }

    return result;
}
