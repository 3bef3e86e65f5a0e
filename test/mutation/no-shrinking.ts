import fc from 'fast-check';

// A seeded defect is caught by the first example that fails: to look for the smallest one takes longer than all else.
fc.configureGlobal({ ...fc.readConfigureGlobal(), endOnFailure: true });
