<?php
/**
 * The fields of a form.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

use WPCF7_ContactForm;

/**
 * Names the fields of a form.
 */
final class Form_Fields {

	/**
	 * Names of all fields but those for files.
	 *
	 * @return string[]
	 */
	public static function all( WPCF7_ContactForm $form ): array {
		return self::names( $form, array( 'name-attr', '! file-uploading' ) );
	}

	/**
	 * Names of the fields that hold text, for the menus.
	 *
	 * @return string[]
	 */
	public static function texts( WPCF7_ContactForm $form ): array {
		return array_values(
			array_diff(
				self::names( $form, array( 'name-attr', '! file-uploading', '! not-for-mail' ) ),
				array_keys( Consent::boxes( $form ) )
			)
		);
	}

	/**
	 * The text fields by name, with the label of the menus.
	 *
	 * @return array<string,string>
	 */
	public static function labels( WPCF7_ContactForm $form ): array {
		$names = self::texts( $form );
		return array_combine( $names, array_map( static fn( string $name ) => "[{$name}]", $names ) );
	}

	private static function names( WPCF7_ContactForm $form, array $features ): array {
		$names = array_column( $form->scan_form_tags( array( 'feature' => $features ) ), 'name' );
		return array_values( array_unique( array_filter( $names, 'strlen' ) ) );
	}
}
