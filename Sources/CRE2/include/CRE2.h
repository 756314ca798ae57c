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
/// Replaces every match, `$1` and `${name}` as in Go; the result must be freed by cre2_free.
char *cre2_replace_all(const cre2_pattern *pattern, const uint8_t *text, size_t length, const uint8_t *replacement,
                       size_t replacement_length, size_t *result_length);
void cre2_free(char *bytes);

#ifdef __cplusplus
}
#endif

#endif
