#include "CZlib.h"

#include <string.h>

// A header and trailer of gzip take 18 bytes where zlib's take 6.
size_t belfry_gzip_bound(size_t length) { return compressBound(length) + 12; }

int belfry_gzip(const unsigned char *input, size_t length, unsigned char *output, size_t capacity, int level,
                size_t *written) {
  z_stream stream;
  memset(&stream, 0, sizeof stream);
  int code = deflateInit2(&stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  if (code != Z_OK) return code;
  stream.next_in = (unsigned char *)input;
  stream.avail_in = (unsigned int)length;
  stream.next_out = output;
  stream.avail_out = (unsigned int)capacity;
  code = deflate(&stream, Z_FINISH);
  *written = stream.total_out;
  deflateEnd(&stream);
  return code == Z_STREAM_END ? Z_OK : (code == Z_OK ? Z_BUF_ERROR : code);
}
