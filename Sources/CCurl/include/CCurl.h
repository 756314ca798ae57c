#ifndef BELFRY_CCURL_H
#define BELFRY_CCURL_H
#include <curl/curl.h>
#endif
