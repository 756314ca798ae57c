#include "CRE2.h"

#include <re2/re2.h>

#include <cstdlib>
#include <cstring>
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

/// The number of a group named by a reference: digits, or a name; -1 when there is none.
static int group_number(const RE2 &re, const std::string &name) {
  if (name.empty()) return -1;
  bool digits = true;
  for (char c : name) digits = digits && c >= '0' && c <= '9';
  if (digits) return name.size() > 4 ? -1 : std::atoi(name.c_str());
  auto found = re.NamedCapturingGroups().find(name);
  return found == re.NamedCapturingGroups().end() ? -1 : found->second;
}

static bool is_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// Appends `template` with `$1`, `${1}`, `$name`, `${name}` and `$$` expanded, as Go's Regexp.Expand does.
static void expand(const RE2 &re, const char *text, size_t length, const std::vector<re2::StringPiece> &groups,
                   std::string &out) {
  for (size_t i = 0; i < length; i++) {
    if (text[i] != '$' || i + 1 >= length) {
      out += text[i];
      continue;
    }
    if (text[i + 1] == '$') {
      out += '$';
      i++;
      continue;
    }
    bool braces = text[i + 1] == '{';
    size_t start = i + (braces ? 2 : 1), end = start;
    while (end < length && is_name(text[end])) end++;
    if (end == start || (braces && (end >= length || text[end] != '}'))) {
      out += '$';
      continue;
    }
    int number = group_number(re, std::string(text + start, end - start));
    if (number >= 0 && number < static_cast<int>(groups.size())) {
      out.append(groups[number].data() ? groups[number].data() : "", groups[number].size());
    }
    i = braces ? end : end - 1;
  }
}

char *cre2_replace_all(const cre2_pattern *pattern, const uint8_t *bytes, size_t length, const uint8_t *replacement,
                       size_t replacement_length, size_t *result_length) {
  re2::StringPiece text(chars(bytes), length);
  std::vector<re2::StringPiece> groups(1 + pattern->re.NumberOfCapturingGroups());
  std::string out;
  size_t position = 0, last = 0;
  bool matched_before = false;
  while (position <= length &&
         pattern->re.Match(text, position, length, RE2::UNANCHORED, groups.data(), static_cast<int>(groups.size()))) {
    size_t start = groups[0].data() - text.data(), end = start + groups[0].size();
    out.append(text.data() + last, start - last);
    // An empty match right behind a match is not replaced, as in Go.
    if (!(matched_before && end == start && start == last)) {
      expand(pattern->re, chars(replacement), replacement_length, groups, out);
    }
    matched_before = true;
    last = end;
    if (end > start) {
      position = end;
    } else {
      // Step over one whole character.
      position = end + 1;
      while (position < length && (bytes[position] & 0xC0) == 0x80) position++;
    }
  }
  if (last < length) out.append(text.data() + last, length - last);
  char *result = static_cast<char *>(std::malloc(out.size() + 1));
  if (!result) return nullptr;
  std::memcpy(result, out.data(), out.size());
  *result_length = out.size();
  return result;
}

void cre2_free(char *bytes) { std::free(bytes); }
