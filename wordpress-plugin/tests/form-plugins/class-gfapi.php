<?php
/**
 * What Gravity Forms has that the plugin uses, in the shapes of Gravity Forms 2.10.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

/**
 * Gravity Forms' forms.
 */
final class GFAPI {

	/**
	 * Forms as Gravity Forms gives them: arrays whose fields are objects.
	 *
	 * @var array[]
	 */
	public static array $forms = array();

	public static function get_forms(): array {
		return self::$forms;
	}

	/**
	 * A field: an object with these members and a method for its kind. What a kind of field does not have is null.
	 */
	public static function field( array $members ): object {
		$members += array( 'label' => '', 'choices' => null, 'inputs' => null, 'description' => '', 'checkboxLabel' => '' );
		return new class( $members ) extends stdClass {
			public function __construct( array $members ) {
				foreach ( $members as $name => $value ) {
					$this->$name = $value;
				}
			}

			public function get_input_type(): string {
				return $this->type;
			}
		};
	}
}
