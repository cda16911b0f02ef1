/* Being written by the lead (03:08): 802.11, radiotap, PPI, Prism, AVS. */
