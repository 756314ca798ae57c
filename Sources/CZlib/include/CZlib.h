#ifndef BELFRY_CZLIB_H
#define BELFRY_CZLIB_H

#include <stddef.h>
#include <zlib.h>

// The most bytes that belfry_gzip can make of `length` bytes.
size_t belfry_gzip_bound(size_t length);

// Writes `input` as one gzip member (RFC 1952) to `output`, and its length to `written`; gives zlib's code.
int belfry_gzip(const unsigned char *input, size_t length, unsigned char *output, size_t capacity, int level,
                size_t *written);

#endif
