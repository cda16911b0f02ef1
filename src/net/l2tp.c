/* Being written by the lead (2026-11-24 02:58); leave this file to me. */
