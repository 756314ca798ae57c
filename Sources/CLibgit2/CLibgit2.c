#define _GNU_SOURCE
#include "CLibgit2.h"

#include <fcntl.h>
#include <unistd.h>

int belfry_git_set_search_path(int level, const char *path) {
  return git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, path);
}

int belfry_git_set_certificate_file(const char *file) {
  return git_libgit2_opts(GIT_OPT_SET_SSL_CERT_LOCATIONS, file, (const char *)NULL);
}

int belfry_git_set_user_agent(const char *text) {
  return git_libgit2_opts(GIT_OPT_SET_USER_AGENT, text);
}

int belfry_git_set_owner_validation(bool enabled) {
  return git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, (int)enabled);
}

int belfry_git_set_hash_verification(bool enabled) {
  return git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, (int)enabled);
}

int belfry_git_set_tree_cache_limit(size_t bytes) {
  return git_libgit2_opts(GIT_OPT_SET_CACHE_OBJECT_LIMIT, GIT_OBJECT_TREE, bytes);
}

int belfry_git_set_fsync(bool enabled) {
  return git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, (int)enabled);
}

int belfry_git_set_extensions(const char **names, size_t count) {
  return git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, names, count);
}

int belfry_git_pipe(int ends[2]) {
  return pipe2(ends, O_CLOEXEC);
}

int belfry_git_spawn_close_from(posix_spawn_file_actions_t *actions, int first) {
  return posix_spawn_file_actions_addclosefrom_np(actions, first);
}
