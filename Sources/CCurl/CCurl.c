#define _GNU_SOURCE
#include "CCurl.h"

#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

// Options and information

CURLcode ccurl_set_long(CURL *easy, CURLoption option, long value) { return curl_easy_setopt(easy, option, value); }

CURLcode ccurl_set_string(CURL *easy, CURLoption option, const char *value) {
  return curl_easy_setopt(easy, option, value);
}

CURLcode ccurl_set_pointer(CURL *easy, CURLoption option, void *value) { return curl_easy_setopt(easy, option, value); }

CURLcode ccurl_set_list(CURL *easy, CURLoption option, struct curl_slist *value) {
  return curl_easy_setopt(easy, option, value);
}

CURLcode ccurl_set_upload_size(CURL *easy, size_t size) {
  return curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t)size);
}

CURLcode ccurl_set_body(CURL *easy, const void *bytes, size_t count) {
  // The size first: the copy is made by it.
  CURLcode result = curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)count);
  if (result != CURLE_OK) return result;
  return curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, count ? bytes : "");
}

long ccurl_get_long(CURL *easy, CURLINFO info) {
  long value = 0;
  return curl_easy_getinfo(easy, info, &value) == CURLE_OK ? value : 0;
}

void *ccurl_get_private(CURL *easy) {
  char *value = NULL;
  return curl_easy_getinfo(easy, CURLINFO_PRIVATE, &value) == CURLE_OK ? value : NULL;
}

// The event loop

/// What epoll watches a descriptor for and what libcurl wants of it.
struct watch {
  uint32_t registered;
  uint32_t wanted;
  /// Opened by `open_socket`, so that `close_socket` will tell of its end.
  bool is_ours;
  /// Whose transfer it was opened for, if that one leaves without waiting.
  const struct ccurl_callbacks *owner;
};

struct ccurl_loop {
  CURLM *multi;
  int epoll;
  int wake;
  /// Monotonic nanoseconds at which libcurl wants to be called; 0 for at once, -1 for never.
  int64_t deadline;
  struct watch *watches;
  size_t watch_count;
};

static int64_t monotonic_now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static struct watch *watch_of(ccurl_loop *loop, curl_socket_t socket) {
  if (socket < 0) return NULL;
  if ((size_t)socket >= loop->watch_count) {
    size_t count = loop->watch_count * 2 > (size_t)socket ? loop->watch_count * 2 : (size_t)socket + 64;
    struct watch *watches = realloc(loop->watches, count * sizeof *watches);
    if (!watches) return NULL;
    memset(watches + loop->watch_count, 0, (count - loop->watch_count) * sizeof *watches);
    loop->watches = watches;
    loop->watch_count = count;
  }
  return &loop->watches[socket];
}

static void unwatch(ccurl_loop *loop, curl_socket_t socket, struct watch *watch) {
  if (watch->registered) epoll_ctl(loop->epoll, EPOLL_CTL_DEL, socket, NULL);
  watch->registered = 0;
}

static int on_socket(CURL *easy, curl_socket_t socket, int what, void *context, void *ignored) {
  (void)easy;
  (void)ignored;
  ccurl_loop *loop = context;
  struct watch *watch = watch_of(loop, socket);
  if (!watch) return -1;
  if (what == CURL_POLL_REMOVE) {
    watch->wanted = 0;
    // A connection that stays open for the next request stays registered: two system calls less for each request.
    // Other descriptors are closed without our hearing of it.
    if (!watch->is_ours) unwatch(loop, socket, watch);
    return 0;
  }
  watch->wanted = (what & CURL_POLL_IN ? EPOLLIN : 0) | (what & CURL_POLL_OUT ? EPOLLOUT : 0);
  if (watch->registered == watch->wanted) return 0;
  struct epoll_event event = {.events = watch->wanted, .data.fd = socket};
  int outcome = epoll_ctl(loop->epoll, watch->registered ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, socket, &event);
  if (outcome != 0 && errno == ENOENT) outcome = epoll_ctl(loop->epoll, EPOLL_CTL_ADD, socket, &event);
  if (outcome != 0 && errno == EEXIST) outcome = epoll_ctl(loop->epoll, EPOLL_CTL_MOD, socket, &event);
  if (outcome != 0) return -1;
  watch->registered = watch->wanted;
  return 0;
}

static int on_timer(CURLM *multi, long milliseconds, void *context) {
  (void)multi;
  ccurl_loop *loop = context;
  if (milliseconds < 0) {
    loop->deadline = -1;
  } else {
    loop->deadline = milliseconds == 0 ? 0 : monotonic_now() + (int64_t)milliseconds * 1000000;
  }
  return 0;
}

ccurl_loop *ccurl_loop_new(long total_connections, long connections_per_host, long idle_connections) {
  ccurl_loop *loop = calloc(1, sizeof *loop);
  if (!loop) return NULL;
  loop->deadline = -1;
  loop->epoll = epoll_create1(EPOLL_CLOEXEC);
  loop->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  loop->multi = curl_multi_init();
  // Edge-triggered, so that nobody needs to read it.
  struct epoll_event event = {.events = EPOLLIN | EPOLLET, .data.fd = loop->wake};
  if (loop->epoll < 0 || loop->wake < 0 || !loop->multi || epoll_ctl(loop->epoll, EPOLL_CTL_ADD, loop->wake, &event)) {
    ccurl_loop_free(loop);
    return NULL;
  }
  curl_multi_setopt(loop->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
  curl_multi_setopt(loop->multi, CURLMOPT_SOCKETDATA, loop);
  curl_multi_setopt(loop->multi, CURLMOPT_TIMERFUNCTION, on_timer);
  curl_multi_setopt(loop->multi, CURLMOPT_TIMERDATA, loop);
  curl_multi_setopt(loop->multi, CURLMOPT_PIPELINING, (long)CURLPIPE_MULTIPLEX);
  // As many as the server allows; beyond the 100 that are the default, further connections would be opened at once.
  curl_multi_setopt(loop->multi, CURLMOPT_MAX_CONCURRENT_STREAMS, 1000L);
  curl_multi_setopt(loop->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, total_connections);
  curl_multi_setopt(loop->multi, CURLMOPT_MAX_HOST_CONNECTIONS, connections_per_host);
  if (idle_connections > 0) curl_multi_setopt(loop->multi, CURLMOPT_MAXCONNECTS, idle_connections);
  return loop;
}

void ccurl_loop_close(ccurl_loop *loop) {
  if (loop->multi) curl_multi_cleanup(loop->multi);
  loop->multi = NULL;
}

void ccurl_loop_free(ccurl_loop *loop) {
  ccurl_loop_close(loop);
  if (loop->wake >= 0) close(loop->wake);
  if (loop->epoll >= 0) close(loop->epoll);
  free(loop->watches);
  free(loop);
}

void ccurl_loop_wake(ccurl_loop *loop) {
  uint64_t one = 1;
  while (write(loop->wake, &one, sizeof one) < 0 && errno == EINTR) {
  }
}

bool ccurl_loop_add(ccurl_loop *loop, CURL *easy) { return curl_multi_add_handle(loop->multi, easy) == CURLM_OK; }

void ccurl_loop_remove(ccurl_loop *loop, CURL *easy) { curl_multi_remove_handle(loop->multi, easy); }

void ccurl_loop_run_timers(ccurl_loop *loop) {
  if (loop->deadline < 0 || (loop->deadline > 0 && loop->deadline > monotonic_now())) return;
  int running = 0;
  loop->deadline = -1;
  curl_multi_socket_action(loop->multi, CURL_SOCKET_TIMEOUT, 0, &running);
}

static int milliseconds_to_wait(const ccurl_loop *loop) {
  if (loop->deadline < 0) return -1;
  if (loop->deadline == 0) return 0;
  int64_t left = loop->deadline - monotonic_now();
  if (left <= 0) return 0;
  int64_t milliseconds = (left + 999999) / 1000000;
  return milliseconds > 3600000 ? 3600000 : (int)milliseconds;
}

static void serve(ccurl_loop *loop, const struct epoll_event *event) {
  struct watch *watch = watch_of(loop, event->data.fd);
  if (!watch) return;
  if (!watch->wanted) {
    // A connection nobody uses: closed from the other side, most likely. libcurl will see when it looks at it.
    unwatch(loop, event->data.fd, watch);
    return;
  }
  uint32_t events = event->events & watch->wanted;
  if (event->events & (EPOLLERR | EPOLLHUP)) events = watch->wanted;
  int running = 0;
  int mask = (events & EPOLLIN ? CURL_CSELECT_IN : 0) | (events & EPOLLOUT ? CURL_CSELECT_OUT : 0);
  curl_multi_socket_action(loop->multi, event->data.fd, mask, &running);
}

void ccurl_loop_serve_sockets(ccurl_loop *loop, bool may_wait) {
  struct epoll_event events[64];
  int count = epoll_wait(loop->epoll, events, 64, may_wait ? milliseconds_to_wait(loop) : 0);
  for (int i = 0; i < count; i++) {
    if (events[i].data.fd != loop->wake) serve(loop, &events[i]);
  }
}

CURL *ccurl_loop_next_finished(ccurl_loop *loop, CURLcode *result) {
  int left = 0;
  CURLMsg *message;
  while ((message = curl_multi_info_read(loop->multi, &left))) {
    if (message->msg != CURLMSG_DONE) continue;
    *result = message->data.result;
    return message->easy_handle;
  }
  return NULL;
}

// Callbacks

static curl_socket_t open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address) {
  (void)purpose;
  struct ccurl_callbacks *callbacks = context;
  const uint8_t *bytes;
  int length;
  if (address->family == AF_INET) {
    bytes = (const uint8_t *)&((const struct sockaddr_in *)&address->addr)->sin_addr;
    length = 4;
  } else if (address->family == AF_INET6) {
    bytes = (const uint8_t *)&((const struct sockaddr_in6 *)&address->addr)->sin6_addr;
    length = 16;
  } else {
    return CURL_SOCKET_BAD;
  }
  if (callbacks->on_address(callbacks->context, bytes, length) != 0) return CURL_SOCKET_BAD;
  curl_socket_t result = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
  struct watch *watch = watch_of(callbacks->loop, result);
  if (!watch) {
    callbacks->on_socket_error(callbacks->context, errno);
    if (result >= 0) close(result);
    return CURL_SOCKET_BAD;
  }
  *watch = (struct watch){.is_ours = true, .owner = callbacks->leaves_without_waiting ? callbacks : NULL};
  return result;
}

static int close_socket(void *context, curl_socket_t socket) {
  struct watch *watch = watch_of(context, socket);
  if (watch) *watch = (struct watch){0};
  return close(socket);
}

void ccurl_set_callbacks(CURL *easy, struct ccurl_callbacks *callbacks) {
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, callbacks->on_head);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, callbacks->context);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, callbacks->on_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, callbacks->context);
  curl_easy_setopt(easy, CURLOPT_READFUNCTION, callbacks->on_upload);
  curl_easy_setopt(easy, CURLOPT_READDATA, callbacks->context);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, callbacks);
  curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, close_socket);
  // The loop and not the transfer: a connection outlives the one it was opened for.
  curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, callbacks->loop);
  curl_easy_setopt(easy, CURLOPT_PREREQDATA, callbacks->context);
  curl_easy_setopt(easy, CURLOPT_DEBUGDATA, callbacks);
}

void ccurl_set_connection_check(CURL *easy, ccurl_connection_callback check) {
  curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, check);
}

static int close_receiving_side_after_quit(CURL *easy, curl_infotype type, char *data, size_t size, void *context) {
  (void)easy;
  struct ccurl_callbacks *callbacks = context;
  if (type == CURLINFO_HEADER_OUT && size == 6 && memcmp(data, "QUIT\r\n", 6) == 0) {
    callbacks->has_left = true;
    // The one that connected; those that lost the race to connect are closed by now.
    const ccurl_loop *loop = callbacks->loop;
    for (size_t i = 0; i < loop->watch_count; i++) {
      if (loop->watches[i].owner == callbacks) shutdown((int)i, SHUT_RD);
    }
  }
  return 0;
}

void ccurl_leave_without_waiting(CURL *easy, struct ccurl_callbacks *callbacks) {
  callbacks->leaves_without_waiting = true;
  curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, close_receiving_side_after_quit);
  curl_easy_setopt(easy, CURLOPT_VERBOSE, 1L);
}

void ccurl_name_thread(const char *name) { pthread_setname_np(pthread_self(), name); }
