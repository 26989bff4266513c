// surgectl: the composition root. Knows every module, decides nothing.
int main() {}
