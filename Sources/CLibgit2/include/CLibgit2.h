#ifndef BELFRY_CLIBGIT2_H
#define BELFRY_CLIBGIT2_H
#include <git2.h>
#endif
