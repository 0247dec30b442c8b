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
	 * The text fields by name, with the label of the menus. A step of a longer form may use the fields of the others.
	 *
	 * @return array<string,string>
	 */
	public static function labels( WPCF7_ContactForm $form ): array {
		$names  = self::texts( $form );
		$labels = array_combine( $names, array_map( static fn( string $name ) => "[{$name}]", $names ) );
		foreach ( Multi_Step::other_steps( $form ) as $step ) {
			foreach ( self::texts( $step ) as $name ) {
				$labels += array( $name => sprintf( '[%s] (%s)', $name, $step->title() ) );
			}
		}
		return $labels;
	}

	/**
	 * Names of all fields that the form's settings may use.
	 *
	 * @return string[]
	 */
	public static function usable( WPCF7_ContactForm $form ): array {
		return array_merge( self::all( $form ), ...array_map( array( self::class, 'all' ), Multi_Step::other_steps( $form ) ) );
	}

	private static function names( WPCF7_ContactForm $form, array $features ): array {
		$names = array_column( $form->scan_form_tags( array( 'feature' => $features ) ), 'name' );
		return array_values( array_unique( array_filter( $names, 'strlen' ) ) );
	}
}
