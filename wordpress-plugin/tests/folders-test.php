<?php
/**
 * The order among the folders of the plugin.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector\Tests;

use PHPUnit\Framework\TestCase;
use const Gateway_Connector\FOLDERS;

final class Folders_Test extends TestCase {

	private const INCLUDES = __DIR__ . '/../includes/';

	public function test_the_list_of_the_loader_names_each_class_in_its_folder(): void {
		$files = array();
		foreach ( FOLDERS as $folder => $classes ) {
			foreach ( $classes as $class_name ) {
				$files[] = $folder . '/class-' . strtolower( str_replace( '_', '-', $class_name ) ) . '.php';
			}
		}
		$found = glob( self::INCLUDES . '*/*.php' );

		self::assertEqualsCanonicalizing(
			$files,
			array_map( static fn( string $file ) => substr( $file, strlen( self::INCLUDES ) ), $found )
		);
	}

	public function test_no_folder_uses_one_below_it(): void {
		$wrong = array();
		foreach ( glob( self::INCLUDES . '*/*.php' ) as $file ) {
			$code  = (string) file_get_contents( $file );
			$wrong = array_merge( $wrong, self::arrows_down( basename( dirname( $file ) ), basename( $file ), $code ) );
		}

		self::assertSame( array(), $wrong );
	}

	public function test_an_arrow_down_is_found_and_one_up_or_in_a_comment_is_not(): void {
		$code = '<?php /** Spool_Page shows it. */ final class X { private Settings $s;'
			. ' public function f() { return new Spool_Page( "Notices" ); } }';

		self::assertSame( array( 'spool/x.php uses Spool_Page of admin' ), self::arrows_down( 'spool', 'x.php', $code ) );
	}

	/**
	 * The classes that a file uses although they are in a folder below its own.
	 *
	 * @return string[]
	 */
	private static function arrows_down( string $folder, string $file, string $code ): array {
		$order = array_keys( FOLDERS );
		$wrong = array();
		foreach ( array_unique( self::names( $code ) ) as $name ) {
			foreach ( FOLDERS as $other => $classes ) {
				if ( in_array( $name, $classes, true ) && array_search( $other, $order, true ) > array_search( $folder, $order, true ) ) {
					$wrong[] = "{$folder}/{$file} uses {$name} of {$other}";
				}
			}
		}
		return $wrong;
	}

	/**
	 * All names in the code; not those in comments and strings.
	 *
	 * @return string[]
	 */
	private static function names( string $code ): array {
		$names = array();
		foreach ( token_get_all( $code ) as $token ) {
			if ( is_array( $token )
				&& ! in_array( $token[0], array( T_COMMENT, T_DOC_COMMENT, T_CONSTANT_ENCAPSED_STRING, T_INLINE_HTML, T_VARIABLE ), true )
			) {
				$names = array_merge( $names, preg_split( '/\W+/', $token[1], -1, PREG_SPLIT_NO_EMPTY ) );
			}
		}
		return $names;
	}
}
