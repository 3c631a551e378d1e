/*
 * Opens a pseudo-terminal and carries its bytes over stdin and stdout, which is all that a program without native code
 * needs to be the far side of a serial port. Frames both ways: a letter, four bytes of length (big-endian), and so many
 * bytes. Out: 'P' the path, 'O' opened, 'C' closed, 'B' the rate as four bytes (big-endian), 'D' data. In: data alone.
 */
#define _GNU_SOURCE
#include <asm/termbits.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define POLL_MS 10

static void put(const void *bytes, size_t left) {
  const char *from = bytes;
  while (left > 0) {
    ssize_t done = write(STDOUT_FILENO, from, left);
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) exit(0);
    from += done;
    left -= (size_t)done;
  }
}

static void frame(char kind, const void *bytes, uint32_t length) {
  unsigned char head[5] = {(unsigned char)kind, (unsigned char)(length >> 24), (unsigned char)(length >> 16),
                           (unsigned char)(length >> 8), (unsigned char)length};
  put(head, sizeof head);
  put(bytes, length);
}

/* The master side sees the rate that the slave side has set. */
static void tell_rate(int master) {
  static unsigned int told = 0;
  struct termios2 settings;
  if (ioctl(master, TCGETS2, &settings) != 0 || settings.c_ospeed == told) return;
  told = settings.c_ospeed;
  unsigned char rate[4] = {(unsigned char)(told >> 24), (unsigned char)(told >> 16), (unsigned char)(told >> 8),
                           (unsigned char)told};
  frame('B', rate, sizeof rate);
}

/* No echo and no line editing before the first program has set its own. */
static void make_raw(int master) {
  struct termios2 settings;
  if (ioctl(master, TCGETS2, &settings) != 0) return;
  settings.c_iflag = 0;
  settings.c_oflag = 0;
  settings.c_lflag = 0;
  settings.c_cflag = CS8 | CREAD | CLOCAL | B115200;
  ioctl(master, TCSETS2, &settings);
}

/* The reader may be slow; what does not fit waits, and what nobody can read is dropped. */
static void to_terminal(int master, const char *bytes, size_t left) {
  while (left > 0) {
    ssize_t done = write(master, bytes, left);
    if (done > 0) {
      bytes += done;
      left -= (size_t)done;
      continue;
    }
    if (errno != EAGAIN && errno != EINTR) return;
    struct pollfd room = {.fd = master, .events = POLLOUT};
    poll(&room, 1, POLL_MS);
    if (room.revents & POLLHUP) return;
  }
}

int main(void) {
  int master = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK);
  if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0) return 1;
  char path[128];
  if (ptsname_r(master, path, sizeof path) != 0) return 1;
  /* Opened and closed once, so that a terminal nobody has open reads as hung up from the start. */
  int slave = open(path, O_RDWR | O_NOCTTY);
  if (slave < 0) return 1;
  make_raw(master);
  close(slave);
  frame('P', path, (uint32_t)strlen(path));
  int opened = 0;
  static char bytes[65536];
  for (;;) {
    struct pollfd ends[2] = {{.fd = STDIN_FILENO, .events = POLLIN}, {.fd = master, .events = POLLIN}};
    poll(ends, 2, POLL_MS);
    int hung_up = (ends[1].revents & POLLHUP) != 0;
    if (!opened && !hung_up) {
      opened = 1;
      frame('O', "", 0);
    }
    if (ends[1].revents & POLLIN) {
      ssize_t length = read(master, bytes, sizeof bytes);
      tell_rate(master);
      if (length > 0) frame('D', bytes, (uint32_t)length);
    } else if (opened) {
      tell_rate(master);
    }
    /* After what was written last, which may still have been there to read. */
    if (opened && hung_up) {
      opened = 0;
      make_raw(master);
      frame('C', "", 0);
    }
    if (ends[0].revents & (POLLIN | POLLHUP)) {
      ssize_t length = read(STDIN_FILENO, bytes, sizeof bytes);
      if (length <= 0) return 0;
      if (opened) to_terminal(master, bytes, (size_t)length);
    }
    /* A terminal that is hung up is always ready: without this the loop would spin. */
    if (hung_up) usleep(POLL_MS * 1000);
  }
}
