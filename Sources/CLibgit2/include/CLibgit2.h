#ifndef BELFRY_CLIBGIT2_H
#define BELFRY_CLIBGIT2_H

#include <spawn.h>
#include <stdbool.h>
#include <stddef.h>

#include <git2.h>

/// `git_libgit2_opts` is variadic, so Swift can't call it: one function for each option that is set.
/// Each answers as `git_libgit2_opts` does: 0, or a negative error code.

/// Replaces the folders in which configuration files of one level are looked for; "" for none.
int belfry_git_set_search_path(int level, const char *path);
/// Replaces the certificate authorities by those of a PEM file.
int belfry_git_set_certificate_file(const char *file);
int belfry_git_set_user_agent(const char *text);
/// Whether a repository owned by somebody else is refused.
int belfry_git_set_owner_validation(bool enabled);
/// Whether each object that is read is hashed again.
int belfry_git_set_hash_verification(bool enabled);
/// The largest tree, in bytes, that is kept in memory after it was read.
int belfry_git_set_tree_cache_limit(size_t bytes);
/// Whether files of the repository are synced to disk before they count as written.
int belfry_git_set_fsync(bool enabled);
/// Repository extensions that are accepted beside the library's own.
int belfry_git_set_extensions(const char **names, size_t count);

/// `pipe2` with O_CLOEXEC and `posix_spawn_file_actions_addclosefrom_np`, which Swift's module of the C library hides.
int belfry_git_pipe(int ends[2]);
int belfry_git_spawn_close_from(posix_spawn_file_actions_t *actions, int first);

#endif
