"""What messages say, in each language: data, without any rule. Later the catalogues that translators edit."""
