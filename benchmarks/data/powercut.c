/* A disk that forgets what was not synced: at fsync and fdatasync a file is copied aside, and unlink is mirrored there.
   What a power cut leaves behind is then what stands aside. Loaded by LD_PRELOAD; AFTER_POWERCUT is the folder aside. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int aside(const char *path, char *to) {
    const char *folder = getenv("AFTER_POWERCUT"), *name = strrchr(path, '/');
    if (!folder || !name || !strstr(path, "monitor.db")) return 0;
    snprintf(to, PATH_MAX, "%s%s", folder, name);
    return 1;
}

static void keep(int fd) {
    char link[64], path[PATH_MAX], to[PATH_MAX], fresh[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length <= 0) return;
    path[length] = 0;
    if (!aside(path, to)) return;
    snprintf(fresh, sizeof fresh, "%.*s.new", PATH_MAX - 8, to);
    int from = open(path, O_RDONLY), out = open(fresh, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    char part[1 << 16];
    ssize_t got;
    while ((got = read(from, part, sizeof part)) > 0)
        if (write(out, part, got) != got) break;
    close(from);
    close(out);
    rename(fresh, to);
}

int fsync(int fd) {
    int (*real)(int) = dlsym(RTLD_NEXT, "fsync"), done = real(fd);
    if (done == 0) keep(fd);
    return done;
}

int fdatasync(int fd) {
    int (*real)(int) = dlsym(RTLD_NEXT, "fdatasync"), done = real(fd);
    if (done == 0) keep(fd);
    return done;
}

int unlink(const char *path) {
    char to[PATH_MAX];
    int (*real)(const char *) = dlsym(RTLD_NEXT, "unlink"), done = real(path);
    if (done == 0 && aside(path, to)) real(to);
    return done;
}
