<?php
/**
 * A submission of another plugin’s form.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * What a visitor sent, as the form's own plugin has checked it.
 */
final class Plugin_Submission {

	public Plugin_Form $form;

	/**
	 * Texts, or lists of texts, by the field's id. A box that is ticked is 1, one that is not is empty. Files are not here.
	 *
	 * @var array<string,string|string[]>
	 */
	public array $values;

	/**
	 * The address of the page with the form; empty where the plugin does not say.
	 */
	public string $page;

	/**
	 * A submission.
	 *
	 * @param Plugin_Form $form   The form.
	 * @param array       $values What was entered, by the field's id: a text, a list of choices, or the parts of a name by their names. Of
	 *                            a box, anything that is not empty is a tick.
	 * @param string      $page   The address of the page; may be empty.
	 */
	public function __construct( Plugin_Form $form, array $values, string $page = '' ) {
		$this->form   = $form;
		$this->values = array();
		$this->page   = $page;
		foreach ( array_diff( $form->ids(), $form->ids( Plugin_Field::FILE ) ) as $id ) {
			$value = $values[ $id ] ?? '';
			if ( in_array( $id, $form->ids( Plugin_Field::BOX ), true ) ) {
				$this->values[ $id ] = array() === array_filter( (array) $value ) ? '' : '1';
			} else {
				$this->values[ $id ] = is_array( $value ) ? self::texts( $value ) : self::text( $value );
			}
		}
	}

	/**
	 * Whether the visitor ticked a box.
	 */
	public function is_ticked( string $box ): bool {
		$field = $this->form->field( $box );
		return $field && Plugin_Field::BOX === $field->kind && '1' === ( $this->values[ $box ] ?? '' );
	}

	/**
	 * A list of choices as it is; the parts of a name as one text.
	 *
	 * @return string|string[]
	 */
	private static function texts( array $values ) {
		$texts = array_values( array_filter( array_map( array( self::class, 'text' ), $values ), 'strlen' ) );
		return isset( $values[0] ) || array() === $values ? $texts : implode( ' ', $texts );
	}

	/**
	 * A value as a text.
	 *
	 * @param mixed $value The value.
	 */
	private static function text( $value ): string {
		return is_scalar( $value ) ? (string) $value : '';
	}
}
