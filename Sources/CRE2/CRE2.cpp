#include "CRE2.h"

#include <re2/re2.h>

#include <new>
#include <string>
#include <vector>

struct cre2_pattern {
  RE2 re;
  cre2_pattern(const re2::StringPiece &text, const RE2::Options &options) : re(text, options) {}
};

static const char *chars(const uint8_t *bytes) { return reinterpret_cast<const char *>(bytes); }

cre2_pattern *cre2_new(const uint8_t *text, size_t length) {
  RE2::Options options;
  options.set_log_errors(false);
  return new (std::nothrow) cre2_pattern(re2::StringPiece(chars(text), length), options);
}

const char *cre2_error(const cre2_pattern *pattern) {
  return pattern->re.ok() ? nullptr : pattern->re.error().c_str();
}

void cre2_delete(cre2_pattern *pattern) { delete pattern; }

bool cre2_match(const cre2_pattern *pattern, const uint8_t *text, size_t length) {
  return RE2::PartialMatch(re2::StringPiece(chars(text), length), pattern->re);
}

size_t cre2_group_count(const cre2_pattern *pattern) {
  return static_cast<size_t>(pattern->re.NumberOfCapturingGroups());
}

int cre2_group_named(const cre2_pattern *pattern, const uint8_t *name, size_t length) {
  const auto &names = pattern->re.NamedCapturingGroups();
  auto found = names.find(std::string(chars(name), length));
  return found == names.end() ? -1 : found->second;
}

bool cre2_find(const cre2_pattern *pattern, const uint8_t *bytes, size_t length, size_t start, ptrdiff_t *bounds,
               size_t groups) {
  // A group that matched nothing must differ from one without a part, whose data is null.
  re2::StringPiece text(bytes ? chars(bytes) : "", length);
  std::vector<re2::StringPiece> found(groups);
  if (!pattern->re.Match(text, start, length, RE2::UNANCHORED, found.data(), static_cast<int>(groups))) return false;
  for (size_t i = 0; i < groups; i++) {
    const char *first = found[i].data();
    bounds[2 * i] = first ? first - text.data() : -1;
    bounds[2 * i + 1] = first ? first - text.data() + static_cast<ptrdiff_t>(found[i].size()) : -1;
  }
  return true;
}
