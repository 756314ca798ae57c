#ifndef BELFRY_CCURL_H
#define BELFRY_CCURL_H

// libcurl as Swift can call it: typed wrappers around its variadic functions, and an event loop around its multi
// interface, since the socket callbacks and epoll are simpler to keep together in C.

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

// Options and information

CURLcode ccurl_set_long(CURL *easy, CURLoption option, long value);
CURLcode ccurl_set_string(CURL *easy, CURLoption option, const char *_Nullable value);
CURLcode ccurl_set_pointer(CURL *easy, CURLoption option, void *_Nullable value);
CURLcode ccurl_set_list(CURL *easy, CURLoption option, struct curl_slist *_Nullable value);
/// Length of what the read callback gives.
CURLcode ccurl_set_upload_size(CURL *easy, size_t size);
/// Makes the request a POST of a copy of `bytes`.
CURLcode ccurl_set_body(CURL *easy, const void *_Nullable bytes, size_t count);

/// A number libcurl knows of a finished transfer, 0 if it doesn't.
long ccurl_get_long(CURL *easy, CURLINFO info);
/// What was set as CURLOPT_PRIVATE.
void *_Nullable ccurl_get_private(CURL *easy);

// Callbacks; `context` is given to all of them

typedef size_t (*ccurl_bytes_callback)(char *bytes, size_t size, size_t count, void *_Nullable context);
typedef int (*ccurl_address_callback)(void *_Nullable context, const uint8_t *address, int length);
typedef int (*ccurl_connection_callback)(
  void *_Nullable context, char *_Nullable primary_ip, char *_Nullable local_ip, int primary_port, int local_port);

struct ccurl_loop;

/// What happens to a transfer. Must outlive the handle it is set on.
struct ccurl_callbacks {
  ccurl_bytes_callback on_head;
  ccurl_bytes_callback on_body;
  ccurl_bytes_callback on_upload;
  /// Asked for every address (4 or 16 bytes) before a socket to it is opened; 0 lets it be.
  ccurl_address_callback on_address;
  /// Told the errno when a socket could not be opened.
  void (*on_socket_error)(void *_Nullable context, int error);
  void *_Nullable context;
  struct ccurl_loop *loop;
  /// Set by `ccurl_leave_without_waiting`.
  bool leaves_without_waiting;
  /// QUIT is out: what the server says from then on is no answer to the mail.
  bool has_left;
};

void ccurl_set_callbacks(CURL *easy, struct ccurl_callbacks *callbacks);
/// Asked with the address before each request, on connections used again too; not 0 stops it. NULL for none.
void ccurl_set_connection_check(CURL *easy, ccurl_connection_callback _Nullable check);
/// Has the mail dialogue end with QUIT without waiting for the answer to it.
///
/// libcurl waits for it with everything else standing still; so the receiving side is closed when QUIT is out.
/// Only for a handle whose connections end with the transfer.
void ccurl_leave_without_waiting(CURL *easy, struct ccurl_callbacks *callbacks);

// The event loop: one thread drives it, any thread may wake it

typedef struct ccurl_loop ccurl_loop;

/// 0 means no limit, for `idle` libcurl's own choice. NULL when the system has no memory or descriptors left.
ccurl_loop *_Nullable ccurl_loop_new(long total_connections, long connections_per_host, long idle_connections);
/// Closes every connection. All transfers must be removed; only wake and free may be called afterwards.
void ccurl_loop_close(ccurl_loop *loop);
void ccurl_loop_free(ccurl_loop *loop);
/// Ends a wait that is under way or else the next one. Safe on any thread.
void ccurl_loop_wake(ccurl_loop *loop);
bool ccurl_loop_add(ccurl_loop *loop, CURL *easy);
void ccurl_loop_remove(ccurl_loop *loop, CURL *easy);
/// Does what is due by time; new transfers begin here.
void ccurl_loop_run_timers(ccurl_loop *loop);
/// Serves the sockets that are ready; when `may_wait`, until there are some, time is up or somebody wakes the loop.
void ccurl_loop_serve_sockets(ccurl_loop *loop, bool may_wait);
/// A transfer that has ended and how, NULL when there is none. It must be removed then.
CURL *_Nullable ccurl_loop_next_finished(ccurl_loop *loop, CURLcode *result);

/// Names the calling thread.
void ccurl_name_thread(const char *name);

#pragma clang assume_nonnull end

#endif
