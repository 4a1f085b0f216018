// verdict: time-limit
for (;;) {}
