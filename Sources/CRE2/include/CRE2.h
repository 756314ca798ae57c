#ifndef BELFRY_CRE2_H
#define BELFRY_CRE2_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A compiled pattern. RE2 is a C++ class, which Swift modules of ours don't import.
typedef struct cre2_pattern cre2_pattern;

/// Compiles; the result is never null but for want of memory, and must be freed by cre2_delete.
cre2_pattern *cre2_new(const uint8_t *text, size_t length);
/// RE2's words for a pattern that didn't compile, or null.
const char *cre2_error(const cre2_pattern *pattern);
void cre2_delete(cre2_pattern *pattern);
/// Whether the pattern matches anywhere in the text.
bool cre2_match(const cre2_pattern *pattern, const uint8_t *text, size_t length);
/// The number of groups, the whole match not counted.
size_t cre2_group_count(const cre2_pattern *pattern);
/// The number of the group with that name, or -1.
int cre2_group_named(const cre2_pattern *pattern, const uint8_t *name, size_t length);
/// Finds the first match at or behind `start`, anchors still meaning the whole text. `bounds` takes two offsets, start
/// and end, for the whole match and each of `groups - 1` groups; -1 for a group without a part in the match.
bool cre2_find(const cre2_pattern *pattern, const uint8_t *text, size_t length, size_t start, ptrdiff_t *bounds,
               size_t groups);

#ifdef __cplusplus
}
#endif

#endif
