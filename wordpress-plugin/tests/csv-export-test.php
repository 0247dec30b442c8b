<?php
/**
 * The submissions as a table for a spreadsheet.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector\Tests;

use Gateway_Connector\Csv_Export;

final class Csv_Export_Test extends Plugin_Test_Case {

	private const FIELDS = 9;

	public function test_each_row_is_a_line_with_what_was_entered(): void {
		$this->reject_submission(
			'There is no field "your-email".',
			array(
				'form'   => array( 'title' => 'Contact', 'url' => 'https://shop.example/contact/' ),
				'fields' => array( 'your-name' => 'Ann "O\'Brien", Zoë 🎉', 'topics' => array( 'news', 'offers' ) ),
			)
		);

		list( $heading, $line ) = $this->lines();

		self::assertSame( array( 'Key', 'Fields' ), array( $heading[0], $heading[ self::FIELDS ] ) );
		$row = $this->row();
		self::assertSame(
			array(
				$row->submission_key,
				'Contact',
				'https://shop.example/contact/',
				$row->created_at,
				'rejected',
				'1',
				'There is no field "your-email".',
				'',
				'',
			),
			array_slice( $line, 0, self::FIELDS )
		);
		self::assertSame( "your-name: Ann \"O'Brien\", Zoë 🎉\ntopics: news, offers", $line[ self::FIELDS ] );
	}

	/** @dataProvider formulas */
	public function test_no_cell_is_a_formula( string $text ): void {
		$this->spool_submission(
			array(
				'form'   => array( 'title' => $text ),
				'fields' => array( $text => 'x' ),
			)
		);

		list( , $line ) = $this->lines();

		self::assertSame( array( "'" . $text, "'" . $text . ': x' ), array( $line[1], $line[ self::FIELDS ] ) );
	}

	public function formulas(): array {
		return array(
			array( '=1+1' ),
			array( '+1' ),
			array( '-1' ),
			array( '@SUM(A1)' ),
			array( "\t=1" ),
			array( "\r=1" ),
			array( "\n=1" ),
			array( '＝1' ),
		);
	}

	public function test_any_number_of_rows_comes_out_in_order(): void {
		foreach ( range( 1, 120 ) as $number ) {
			$this->spool_submission( array( 'fields' => array( 'n' => (string) $number ) ) );
		}

		$lines = $this->lines();

		self::assertSame(
			array_map( static fn( $number ) => "n: {$number}", range( 1, 120 ) ),
			array_slice( array_column( $lines, self::FIELDS ), 1 )
		);
	}

	public function test_one_state_can_be_exported(): void {
		$this->reject_submission();
		$this->spool_submission();

		self::assertSame( array( 'State', 'rejected' ), array_column( $this->lines( 'rejected' ), 4 ) );
	}

	private function lines( string $state = '' ): array {
		$file = fopen( 'php://memory', 'w+b' );
		( new Csv_Export( $this->records ) )->write( $file, $state );
		rewind( $file );
		self::assertSame( "\xEF\xBB\xBF", fread( $file, 3 ) );
		$lines = array();
		$line  = fgetcsv( $file, 0, ',', '"', '' );
		while ( false !== $line ) {
			$lines[] = $line;
			$line    = fgetcsv( $file, 0, ',', '"', '' );
		}
		return $lines;
	}
}
